/** Six bureaus in one process or six, for a newcomer, a test and a benchmark. */
export { type BureauCard, tokenOf } from './card.ts';
export { type Constellation, type ConstellationOptions, openConstellation } from './constellation.ts';
export { nations } from './nations.ts';
export { stepAt, story } from './story.ts';
