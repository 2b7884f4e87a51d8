/** The coalition's nouns and the edges between them, from one table. Knows no reports, no nations and no store. */
export * from './columns.ts';
export * from './schemata.ts';
export * from './validators.ts';
