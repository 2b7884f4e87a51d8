/**
 * Bytes from outside to what the model says, for import. Knows files and their formats; knows no bureau, no disk,
 * no network. A missing marking never becomes open; what finds no place in the model is kept and said.
 */
export * from './bounds.ts';
export * from './csv.ts';
export * from './file-bytes.ts';
export * from './refusal.ts';
export * from './refusal-words.ts';
