/** What a value is. Opens codes only; knows no entity, no report and no nation's policy. */
export * from './digits.ts';
export * from './languages.ts';
export * from './property-type.ts';
export * from './registry.ts';
export * from './unsafe-text.ts';
