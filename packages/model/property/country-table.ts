/**
 * ISO 3166-1: alpha-2, alpha-3 and a short English name, three to a row; then the names by which the coalition's
 * languages and older lists call some of them.
 */
const rows = `
AD AND Andorra|AE ARE United Arab Emirates|AF AFG Afghanistan|AG ATG Antigua and Barbuda|AI AIA Anguilla|AL ALB Albania
AM ARM Armenia|AO AGO Angola|AQ ATA Antarctica|AR ARG Argentina|AS ASM American Samoa|AT AUT Austria|AU AUS Australia
AW ABW Aruba|AX ALA Åland Islands|AZ AZE Azerbaijan|BA BIH Bosnia and Herzegovina|BB BRB Barbados|BD BGD Bangladesh
BE BEL Belgium|BF BFA Burkina Faso|BG BGR Bulgaria|BH BHR Bahrain|BI BDI Burundi|BJ BEN Benin|BL BLM Saint Barthélemy
BM BMU Bermuda|BN BRN Brunei|BO BOL Bolivia|BQ BES Caribbean Netherlands|BR BRA Brazil|BS BHS Bahamas|BT BTN Bhutan
BV BVT Bouvet Island|BW BWA Botswana|BY BLR Belarus|BZ BLZ Belize|CA CAN Canada|CC CCK Cocos Islands
CD COD Democratic Republic of the Congo|CF CAF Central African Republic|CG COG Congo|CH CHE Switzerland
CI CIV Côte d’Ivoire|CK COK Cook Islands|CL CHL Chile|CM CMR Cameroon|CN CHN China|CO COL Colombia|CR CRI Costa Rica
CU CUB Cuba|CV CPV Cabo Verde|CW CUW Curaçao|CX CXR Christmas Island|CY CYP Cyprus|CZ CZE Czechia|DE DEU Germany
DJ DJI Djibouti|DK DNK Denmark|DM DMA Dominica|DO DOM Dominican Republic|DZ DZA Algeria|EC ECU Ecuador|EE EST Estonia
EG EGY Egypt|EH ESH Western Sahara|ER ERI Eritrea|ES ESP Spain|ET ETH Ethiopia|FI FIN Finland|FJ FJI Fiji
FK FLK Falkland Islands|FM FSM Micronesia|FO FRO Faroe Islands|FR FRA France|GA GAB Gabon|GB GBR United Kingdom
GD GRD Grenada|GE GEO Georgia|GF GUF French Guiana|GG GGY Guernsey|GH GHA Ghana|GI GIB Gibraltar|GL GRL Greenland
GM GMB Gambia|GN GIN Guinea|GP GLP Guadeloupe|GQ GNQ Equatorial Guinea|GR GRC Greece
GS SGS South Georgia and the South Sandwich Islands|GT GTM Guatemala|GU GUM Guam|GW GNB Guinea-Bissau|GY GUY Guyana
HK HKG Hong Kong|HM HMD Heard and McDonald Islands|HN HND Honduras|HR HRV Croatia|HT HTI Haiti|HU HUN Hungary
ID IDN Indonesia|IE IRL Ireland|IL ISR Israel|IM IMN Isle of Man|IN IND India|IO IOT British Indian Ocean Territory
IQ IRQ Iraq|IR IRN Iran|IS ISL Iceland|IT ITA Italy|JE JEY Jersey|JM JAM Jamaica|JO JOR Jordan|JP JPN Japan
KE KEN Kenya|KG KGZ Kyrgyzstan|KH KHM Cambodia|KI KIR Kiribati|KM COM Comoros|KN KNA Saint Kitts and Nevis
KP PRK North Korea|KR KOR South Korea|KW KWT Kuwait|KY CYM Cayman Islands|KZ KAZ Kazakhstan|LA LAO Laos|LB LBN Lebanon
LC LCA Saint Lucia|LI LIE Liechtenstein|LK LKA Sri Lanka|LR LBR Liberia|LS LSO Lesotho|LT LTU Lithuania
LU LUX Luxembourg|LV LVA Latvia|LY LBY Libya|MA MAR Morocco|MC MCO Monaco|MD MDA Moldova|ME MNE Montenegro
MF MAF Saint Martin|MG MDG Madagascar|MH MHL Marshall Islands|MK MKD North Macedonia|ML MLI Mali|MM MMR Myanmar
MN MNG Mongolia|MO MAC Macao|MP MNP Northern Mariana Islands|MQ MTQ Martinique|MR MRT Mauritania|MS MSR Montserrat
MT MLT Malta|MU MUS Mauritius|MV MDV Maldives|MW MWI Malawi|MX MEX Mexico|MY MYS Malaysia|MZ MOZ Mozambique
NA NAM Namibia|NC NCL New Caledonia|NE NER Niger|NF NFK Norfolk Island|NG NGA Nigeria|NI NIC Nicaragua
NL NLD Netherlands|NO NOR Norway|NP NPL Nepal|NR NRU Nauru|NU NIU Niue|NZ NZL New Zealand|OM OMN Oman|PA PAN Panama
PE PER Peru|PF PYF French Polynesia|PG PNG Papua New Guinea|PH PHL Philippines|PK PAK Pakistan|PL POL Poland
PM SPM Saint Pierre and Miquelon|PN PCN Pitcairn|PR PRI Puerto Rico|PS PSE Palestine|PT PRT Portugal|PW PLW Palau
PY PRY Paraguay|QA QAT Qatar|RE REU Réunion|RO ROU Romania|RS SRB Serbia|RU RUS Russia|RW RWA Rwanda
SA SAU Saudi Arabia|SB SLB Solomon Islands|SC SYC Seychelles|SD SDN Sudan|SE SWE Sweden|SG SGP Singapore
SH SHN Saint Helena|SI SVN Slovenia|SJ SJM Svalbard and Jan Mayen|SK SVK Slovakia|SL SLE Sierra Leone|SM SMR San Marino
SN SEN Senegal|SO SOM Somalia|SR SUR Suriname|SS SSD South Sudan|ST STP São Tomé and Príncipe|SV SLV El Salvador
SX SXM Sint Maarten|SY SYR Syria|SZ SWZ Eswatini|TC TCA Turks and Caicos Islands|TD TCD Chad
TF ATF French Southern Territories|TG TGO Togo|TH THA Thailand|TJ TJK Tajikistan|TK TKL Tokelau|TL TLS Timor-Leste
TM TKM Turkmenistan|TN TUN Tunisia|TO TON Tonga|TR TUR Türkiye|TT TTO Trinidad and Tobago|TV TUV Tuvalu|TW TWN Taiwan
TZ TZA Tanzania|UA UKR Ukraine|UG UGA Uganda|UM UMI U.S. Minor Outlying Islands|US USA United States|UY URY Uruguay
UZ UZB Uzbekistan|VA VAT Holy See|VC VCT Saint Vincent and the Grenadines|VE VEN Venezuela
VG VGB British Virgin Islands|VI VIR U.S. Virgin Islands|VN VNM Viet Nam|VU VUT Vanuatu|WF WLF Wallis and Futuna
WS WSM Samoa|YE YEM Yemen|YT MYT Mayotte|ZA ZAF South Africa|ZM ZMB Zambia|ZW ZWE Zimbabwe`;

const otherNames = `
KR Republic of Korea|KR Korea, Republic of|KR Korea|KR Korea, South|KR 대한민국|KR 한국|KR เกาหลีใต้|KR Hàn Quốc|KR កូរ៉េខាងត្បូង
KR ເກົາຫຼີໃຕ້|KP Korea, North|KP Democratic People's Republic of Korea|KP 북한|TH ไทย|TH ประเทศไทย|TH 태국|TH Thái Lan|TH ថៃ
TH ໄທ|TH Kingdom of Thailand|VN Vietnam|VN Việt Nam|VN 베트남|VN เวียดนาม|VN វៀតណាម|VN ຫວຽດນາມ|VN Socialist Republic of Viet Nam
KH កម្ពុជា|KH 캄보디아|KH กัมพูชา|KH Campuchia|KH ກຳປູເຈຍ|KH Kingdom of Cambodia|LA Lao PDR|LA Lao People's Democratic Republic
LA Lao Peoples Democratic Republic|LA Lao|LA ລາວ|LA ສປປ ລາວ|LA 라오스|LA ลาว|LA Lào|LA ឡាវ|PH Pilipinas|PH 필리핀|PH ฟิลิปปินส์
PH Philippin|PH ហ្វីលីពីន|PH ຟີລິບປິນ|PH Republic of the Philippines|MM Burma|MM မြန်မာ|MM 미얀마|MM เมียนมา|MM พม่า|MM Miến Điện
MM មីយ៉ាន់ម៉ា|MM ມຽນມາ|CN People's Republic of China|CN 中国|CN 中國|CN 중국|CN จีน|CN Trung Quốc|CN ចិន|CN ຈີນ|JP 日本|JP 일본
JP ญี่ปุ่น|JP Nhật Bản|MY 말레이시아|MY มาเลเซีย|SG 싱가포르|SG สิงคโปร์|ID 인도네시아|ID อินโดนีเซีย|TW 臺灣|TW 台灣|TW 대만|TW ไต้หวัน
TW Đài Loan|TW Taiwan, Province of China|HK 香港|HK Hong Kong SAR|MO Macau|US USA|US United States of America|US 미국|US สหรัฐอเมริกา
US Hoa Kỳ|US Mỹ|GB UK|GB Great Britain|GB 영국|RU Russian Federation|IR Iran, Islamic Republic of|IR Islamic Republic of Iran
SY Syrian Arab Republic|TZ United Republic of Tanzania|VE Bolivarian Republic of Venezuela|BO Plurinational State of Bolivia
MD Republic of Moldova|CZ Czech Republic|TR Turkey|SZ Swaziland|MK Macedonia|CV Cape Verde|CI Ivory Coast|CI Cote d'Ivoire
TL East Timor|BN Brunei Darussalam|FM Micronesia, Federated States of|CD Congo, Democratic Republic of the|CG Republic of the Congo
PS State of Palestine|VA Vatican|NL The Netherlands|AE UAE`;

function entries(table: string): string[] {
  return table.trim().split(/[|\n]/);
}

export interface Country {
  readonly alpha2: string;
  readonly alpha3: string;
  readonly name: string;
}

export const countries: readonly Country[] = entries(rows).map((entry) => ({
  alpha2: entry.slice(0, 2),
  alpha3: entry.slice(3, 6),
  name: entry.slice(7),
}));

export const otherCountryNames: readonly (readonly [name: string, alpha2: string])[] = entries(otherNames).map(
  (entry) => [entry.slice(3), entry.slice(0, 2)] as const,
);
