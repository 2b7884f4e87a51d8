/**
 * An invented story. No person, group, phone, wallet or ship in it exists; places are real only as places.
 * Each step is one report that one bureau files through its own API.
 */
export interface Step {
  from: string;
  report: {
    title: string;
    text: string;
    lang: string;
    recipients: string[];
    purpose: string;
    urgency?: 'routine' | 'urgent' | 'flash';
    grade: { scheme: string; source: string; information: string };
    marking: { handling: string[]; conditions?: { code: string }[]; pap: string };
    statements: { entity: string; schema: string; property: string; value: string; lang?: string }[];
  };
}

const everybodyBut = (nation: string) => ['KH', 'KR', 'LA', 'PH', 'TH', 'VN'].filter((other) => other !== nation);
const grade = (text: string) => ({ scheme: '4x4', source: text[0] as string, information: text[1] as string });

export const story: readonly Step[] = [
  {
    from: 'KR',
    report: {
      title: 'Paper Lantern group: courier seen boarding for Manila',
      text: 'A courier of the group we call Paper Lantern left Incheon with two suitcases of the same make as in March. Please watch for the handle below. (Invented.)',
      lang: 'en',
      recipients: everybodyBut('KR'),
      purpose: 'detection',
      urgency: 'urgent',
      grade: grade('B2'),
      marking: { handling: ['H1', 'H2'], pap: 'PAP:AMBER' },
      statements: [
        { entity: 'courier', schema: 'Person', property: 'name', value: '남궁 별하', lang: 'ko' },
        { entity: 'courier', schema: 'Person', property: 'nationality', value: 'KR' },
        { entity: 'group', schema: 'Organization', property: 'name', value: 'Paper Lantern', lang: 'en' },
      ],
    },
  },
  {
    from: 'PH',
    report: {
      title: 'Dumating ang maleta sa Maynila',
      text: 'Nakita ang dalawang maleta sa paliparan ng Maynila. Iisang tatak ng selyo gaya ng naiulat. (Kathang-isip.)',
      lang: 'fil',
      recipients: everybodyBut('PH'),
      purpose: 'detection',
      urgency: 'urgent',
      grade: grade('A2'),
      marking: { handling: ['H1'], pap: 'PAP:AMBER' },
      statements: [
        { entity: 'contact', schema: 'Person', property: 'name', value: 'Dakila Bukangliwayway', lang: 'fil' },
        { entity: 'phone', schema: 'Phone', property: 'phone', value: '+639170000142' },
      ],
    },
  },
  {
    from: 'TH',
    report: {
      title: 'พบโกดังต้องสงสัยใกล้ชายแดนแม่สาย',
      text: 'พบโกดังเช่าในชื่อบริษัทที่เพิ่งจดทะเบียน มีรถกระบะเข้าออกเวลากลางคืน (เรื่องสมมุติ)',
      lang: 'th',
      recipients: everybodyBut('TH'),
      purpose: 'investigation',
      grade: grade('B3'),
      marking: { handling: ['H2'], pap: 'PAP:GREEN' },
      statements: [
        {
          entity: 'company',
          schema: 'Organization',
          property: 'name',
          value: 'บริษัท โคมกระดาษ โลจิสติกส์ จำกัด',
          lang: 'th',
        },
        { entity: 'truck', schema: 'Vehicle', property: 'colour', value: 'ขาว', lang: 'th' },
      ],
    },
  },
  {
    from: 'LA',
    report: {
      title: 'ເຮືອນ້ອຍຂ້າມແມ່ນ້ຳຂອງໃນຕອນກາງຄືນ',
      text: 'ເຫັນເຮືອສາມລຳຂ້າມແມ່ນ້ຳຂອງໂດຍບໍ່ເປີດໄຟ ໃກ້ບໍ່ແກ້ວ. (ເລື່ອງສົມມຸດ.)',
      lang: 'lo',
      recipients: ['TH', 'VN', 'KH'],
      purpose: 'detection',
      urgency: 'flash',
      grade: grade('B2'),
      marking: { handling: ['H2'], pap: 'PAP:AMBER' },
      statements: [{ entity: 'boatman', schema: 'Person', property: 'name', value: 'ທ້າວ ດາວເໜືອ ແສງຈັນ', lang: 'lo' }],
    },
  },
  {
    from: 'VN',
    report: {
      title: 'Lô hàng khai là giấy tại cảng Hải Phòng',
      text: 'Một công-te-nơ khai là giấy in có trọng lượng không khớp. Đề nghị đối chiếu với báo cáo của Thái Lan. (Chuyện hư cấu.)',
      lang: 'vi',
      recipients: everybodyBut('VN'),
      purpose: 'investigation',
      grade: grade('A1'),
      marking: { handling: ['H1'], pap: 'PAP:GREEN' },
      statements: [
        { entity: 'shipment', schema: 'Shipment', property: 'container', value: 'CSQU3054383' },
        { entity: 'agent', schema: 'Person', property: 'name', value: 'Mạc Thanh Vân Sơn', lang: 'vi' },
      ],
    },
  },
  {
    from: 'KH',
    report: {
      title: 'គណនីតេឡេក្រាមផ្សាយលក់ថ្នាំគ្រាប់',
      text: 'គណនីមួយបានផ្សាយរូបភាពថ្នាំគ្រាប់ដែលមានសញ្ញាចង្កៀងក្រដាស។ (រឿងប្រឌិត។)',
      lang: 'km',
      recipients: everybodyBut('KH'),
      purpose: 'detection',
      grade: grade('C3'),
      marking: { handling: ['H0'], pap: 'PAP:GREEN' },
      statements: [
        { entity: 'seller', schema: 'Person', property: 'name', value: 'ផ្កាយ ព្រឹក', lang: 'km' },
        { entity: 'handle', schema: 'Handle', property: 'displayName', value: 'paper lantern night', lang: 'en' },
      ],
    },
  },
  {
    from: 'KR',
    report: {
      title: '종이등불 조직의 새 지갑 주소',
      text: '압수한 전화에서 새 지갑 주소가 나왔습니다. 각국 보유 자료와 대조 바랍니다. (지어낸 이야기)',
      lang: 'ko',
      recipients: ['PH', 'TH', 'VN'],
      purpose: 'asset-recovery',
      grade: grade('A1'),
      marking: { handling: ['H1', 'H2'], conditions: [{ code: 'read-receipt' }], pap: 'PAP:AMBER' },
      statements: [
        { entity: 'keeper', schema: 'Person', property: 'name', value: '독고 새벽', lang: 'ko' },
        { entity: 'keeper', schema: 'Person', property: 'note', value: '조직의 돈을 맡은 사람', lang: 'ko' },
      ],
    },
  },
  {
    from: 'TH',
    report: {
      title: 'Warehouse near Mae Sai was emptied overnight',
      text: 'Two white pick-ups left southwards before dawn. Plates were covered. (Invented.)',
      lang: 'en',
      recipients: ['LA', 'KH', 'VN', 'KR'],
      purpose: 'operation',
      urgency: 'urgent',
      grade: grade('B2'),
      marking: { handling: ['H1', 'H2'], pap: 'PAP:AMBER' },
      statements: [{ entity: 'driver', schema: 'Person', property: 'name', value: 'นาย ฟ้าคราม เดือนดับ', lang: 'th' }],
    },
  },
];

/** The story told again with a number of its own, so that it can run on. */
export function stepAt(index: number): Step {
  const step = story[index % story.length] as Step;
  const round = Math.floor(index / story.length);
  return round === 0 ? step : { ...step, report: { ...step.report, title: `${step.report.title} · ${round + 1}` } };
}
