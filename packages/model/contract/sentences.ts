import type { RefusalCode } from './refusals.ts';

/**
 * What each refusal says in one English sentence, for whoever reads an answer without a console (its own words, in
 * seven languages, stand with the console). No sentence holds anything that was sent.
 */
const sentences: Readonly<Record<RefusalCode, string>> = {
  invalid: 'Something in this request does not have the expected form.',
  'cursor-unknown': 'This place in the list is no longer known; load the list again.',
  'signed-out': 'Nobody is signed in here with this session or token.',
  'not-allowed': 'This role does not allow it.',
  'not-found': 'Not found: it does not exist, or it may not be shown to this officer.',
  'own-report': 'This report is the bureau’s own; there is nothing to acknowledge.',
  'report-damaged': 'What this bureau keeps of this report is damaged and does not open; its administrator was told.',
  'evidence-missing': 'There is no evidence of this report yet; it comes with the sealing.',
  'preview-stale': 'What leaves has changed since it was looked at; look again and send then.',
  'idempotency-conflict': 'This Idempotency-Key was already used for another request.',
  'body-too-large': 'The request is larger than this bureau reads.',
  'report-too-large': 'The report is too large for one envelope; split it into several.',
  'media-type': 'This bureau reads JSON (application/json) and nothing else.',
  'grade-missing': 'The grade is missing; nothing leaves without one.',
  'grade-unknown': 'These symbols do not belong to the grading scheme named, or the scheme is unknown.',
  'marking-missing': 'The marking is missing; nothing leaves without one.',
  'marking-unknown':
    'The marking is incomplete, unknown or contradicts itself; look at handling, conditions, PAP and terms.',
  'language-unknown': 'The language is not one of the codes that this bureau knows.',
  'purpose-unknown': 'The purpose is not one of the coalition’s list.',
  'text-too-long': 'A text is too long.',
  'control-characters': 'A text holds characters that are not seen or change the order of reading; remove them.',
  'audience-empty': 'No nation is left that may read this; name at least one.',
  'recipient-unknown': 'A recipient is no member in the charter.',
  'recipient-not-active': 'A recipient is no active member at present.',
  'recipient-self': 'The bureau’s own nation cannot be a recipient.',
  condition: 'A condition of the marking forbids this.',
  purpose: 'The marking’s purpose limit does not hold this purpose.',
  'entity-unclear':
    'An entity’s label stands for two things, or something refers to an entity of which nothing is said.',
  'claim-twice': 'The same claim is made twice with two grades.',
  'too-many-attempts': 'Too many attempts from this address; wait a minute.',
  'too-many-requests': 'Too many requests at once; try again shortly.',
  'queue-full': 'The queue to a recipient is full; nothing was taken, try again later.',
  'disk-full': 'The bureau’s disk is full and nothing was kept; its administrator must make room.',
  'not-ready': 'The bureau is starting or stopping; try again shortly.',
};

export function sentenceOfRefusal(code: RefusalCode): string {
  return sentences[code];
}
