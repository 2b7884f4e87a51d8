/** English for purposes.json; translations in messages/. */
export const purposeWords = {
  prevention: /*i18n*/ { id: 'purpose.prevention', message: 'Prevention of drug crime' },
  detection: /*i18n*/ { id: 'purpose.detection', message: 'Detection' },
  investigation: /*i18n*/ { id: 'purpose.investigation', message: 'Criminal investigation' },
  operation: /*i18n*/ { id: 'purpose.operation', message: 'Joint operation' },
  'controlled-delivery': /*i18n*/ { id: 'purpose.controlled-delivery', message: 'Controlled delivery' },
  'public-security': /*i18n*/ { id: 'purpose.public-security', message: 'Danger to the public or to life' },
  'asset-recovery': /*i18n*/ { id: 'purpose.asset-recovery', message: 'Finding and recovering proceeds' },
  'precursor-control': /*i18n*/ { id: 'purpose.precursor-control', message: 'Precursor and pre-precursor control' },
  prosecution: /*i18n*/ { id: 'purpose.prosecution', message: 'Court proceedings' },
  statistics: /*i18n*/ { id: 'purpose.statistics', message: 'Statistics and analysis without persons' },
  oversight: /*i18n*/ { id: 'purpose.oversight', message: 'Supervision and data protection' },
  training: /*i18n*/ { id: 'purpose.training', message: 'Training' },
};
