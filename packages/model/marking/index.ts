/** How a thing may be handled, and how far it may be believed. Knows no reports, no officers, no policy. */
export * from './condition.ts';
export * from './grade.ts';
export * from './marking.ts';
export * from './nation.ts';
export * from './strictest.ts';
export * from './wording.ts';
