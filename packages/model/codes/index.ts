/** Code lists: what a code means. Knows no values, no entities, no nations. */
export * from './alarms.ts';
export * from './lists.ts';
export * from './literals.ts';
export * from './look-up.ts';
