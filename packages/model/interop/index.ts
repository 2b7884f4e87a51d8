/**
 * Bytes from outside to what the model says, for import. Knows files and their formats; knows no bureau, no disk,
 * no network. A missing marking never becomes open; what finds no place in the model is kept and said.
 */
export * from './bounds.ts';
export { type CsvRow, readCsv, type TextChunks } from './csv.ts';
export { readExchangeJson } from './exchange-json.ts';
export { decodeText, refuseUnlessText } from './file-bytes.ts';
export type { Imported, Unmapped } from './imported.ts';
export { intoReports, type ReportLimits, type ReportPart } from './into-reports.ts';
export { readMisp } from './misp.ts';
export { isNarcotics, type OfacFiles, type OfacOptions, readOfacSdn } from './ofac-sdn.ts';
export { readPlainText } from './plain-text.ts';
export {
  type ImportFacts,
  type ImportRefusal,
  type ImportRefusalCode,
  ImportRefused,
  importRefusalCodes,
  type Reading,
} from './refusal.ts';
export { wordImportRefusal } from './refusal-words.ts';
export { readStix } from './stix.ts';
