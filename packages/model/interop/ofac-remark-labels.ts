/**
 * The labels that stand before a number in the remarks of the sanctions list, and what kind of paper each names.
 * Facts about the source's spelling, collected from the list of January 2022; longest label wins.
 */

/** Papers of a person. The value is a kind of identity document, in the source's field. */
export const identityLabels: Record<string, IdentityKind> = {
  Passport: 'passport',
  'Diplomatic Passport': 'passport',
  'Passport Booklet': 'passport',
  'Passport Booklet:': 'passport',
  'British National Overseas Passport': 'passport',
  'Stateless Person Passport': 'passport',
  'Travel Document Number': 'travel-document',
  "Driver's License No.": 'driving-licence',
  'Residency Number': 'residence-permit',
  'Immigration No.': 'residence-permit',
  VisaNumberID: 'visa',
  'Stateless Person ID Card': 'residence-permit',
  'Refugee ID Card': 'residence-permit',
  SSN: 'social-security',
  'CNP (Personal Numerical Code)': 'national-id',
  'C.U.R.P.': 'national-id',
  'Cedula No.': 'national-id',
  'Cedula de Ciudadania': 'national-id',
  'Cedula de Extranjeria': 'national-id',
  'Citizens Card Number': 'national-id',
  "Citizen's Card Number": 'national-id',
  'D.N.I.': 'national-id',
  DNI: 'national-id',
  'I.F.E.': 'national-id',
  'LE Number': 'national-id',
  'C.U.I.': 'national-id',
  'C.U.I.P.': 'national-id',
  'N.I.E.': 'national-id',
  'National ID No.': 'national-id',
  'National Foreign ID Number': 'national-id',
  'Numero de Identidad': 'national-id',
  'Personal ID Card': 'national-id',
  'Tazkira National ID Card': 'national-id',
  'Kenyan ID No.': 'national-id',
  'Turkish Identification Number': 'national-id',
  'Identification Number': 'national-id',
  'Electoral Registry No.': 'voter-card',
  'Credencial electoral': 'voter-card',
  'Cartilla de Servicio Militar Nacional': 'military-card',
  'Birth Certificate Number': 'birth-certificate',
  'Pilot License Number': 'other',
};
export type IdentityKind =
  | 'passport'
  | 'travel-document'
  | 'driving-licence'
  | 'residence-permit'
  | 'visa'
  | 'social-security'
  | 'national-id'
  | 'voter-card'
  | 'military-card'
  | 'birth-certificate'
  | 'other';

/** Numbers of registers, taxes and licences: companies mostly, but persons have tax numbers too. */
export const registrationLabels: readonly string[] = [
  'Business Registration Document #',
  'Business Registration Document # CUD:',
  'Business Registration Number',
  'Business Number',
  'BIK (RU)',
  'Branch Unit Number',
  'C.I.F.',
  'C.R. No.',
  'C.U.I.T.',
  'Certificate of Incorporation Number',
  'Chamber of Commerce Number',
  'Commercial Registry Number',
  'Company Number',
  'Company Number IMO',
  'D-U-N-S Number',
  'Dubai Chamber of Commerce Membership No.',
  'Enterprise Number',
  'File Number',
  'Fiscal Code',
  'Folio Mercantil No.',
  'Government Gazette Number',
  'Identification Number IMO',
  'Italian Fiscal Code',
  'Italian Fiscal Code:',
  'Legal Entity Number',
  'License',
  'Afghan Money Service Provider License Number',
  'MSB Registration Number',
  'Matricula Mercantil No',
  'NIT #',
  'Numero Unico de Identificacao Tributaria (NUIT)',
  'Public Registration Number',
  'Public Security and Immigration No.',
  'R.F.C.',
  'RFC',
  'RIF #',
  'RSIN',
  'RTN',
  'RUC #',
  'Registered Charity No.',
  'Registration ID',
  'Registration Number',
  'Romanian C.R.',
  'Romanian Permanent Resident',
  'Romanian Tax Registration',
  'SRE Permit No.',
  'SWIFT/BIC',
  'Serial No.',
  'Tax ID No.',
  'Trade License No.',
  'UK Company Number',
  'US FEIN',
  'Unified Social Credit Code (USCC)',
  'United Social Credit Code Certificate (USCCC)',
  'V.A.T. Number',
];
