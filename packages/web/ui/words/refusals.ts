/** What a refusal says and what to do next, for every code of model/contract and of the door itself. */
export const refusalWords = {
  empty: /*i18n*/ { id: 'refusal.empty', message: 'Fill this in. Nothing leaves without it.' },
  'terms-missing': /*i18n*/ {
    id: 'refusal.terms-missing',
    message: 'H3 needs its terms written out; without H3 there are none.',
  },
  'condition-incomplete': /*i18n*/ {
    id: 'refusal.condition-incomplete',
    message: 'A condition lacks its day, rule or list.',
  },
  invalid: /*i18n*/ {
    id: 'refusal.invalid',
    message: 'Something here does not have the expected form. Check the marked fields.',
  },
  'cursor-unknown': /*i18n*/ {
    id: 'refusal.cursor-unknown',
    message: 'This place in the list is no longer known. Load the list again.',
  },
  'signed-out': /*i18n*/ { id: 'refusal.signed-out', message: 'You are signed out. Sign in again.' },
  'not-allowed': /*i18n*/ {
    id: 'refusal.not-allowed',
    message: 'Your role does not allow this. Ask your administrator.',
  },
  'not-found': /*i18n*/ {
    id: 'refusal.not-found',
    message: 'Not found. It does not exist, or it may not be shown to you.',
  },
  'own-report': /*i18n*/ {
    id: 'refusal.own-report',
    message: 'This report is your own bureau’s; there is nothing to acknowledge.',
  },
  'report-damaged': /*i18n*/ {
    id: 'refusal.report-damaged',
    message: 'What this bureau keeps of this report is damaged and does not open. Your administrator was told.',
  },
  'evidence-missing': /*i18n*/ {
    id: 'refusal.evidence-missing',
    message: 'There is no evidence of this report yet. It comes with the sealing; ask again in a moment.',
  },
  'preview-stale': /*i18n*/ {
    id: 'refusal.preview-stale',
    message: 'What leaves has changed since you looked at it. Look at the difference and send again.',
  },
  'idempotency-conflict': /*i18n*/ {
    id: 'refusal.idempotency-conflict',
    message: 'This was already sent once with other content. Go back and look at it again.',
  },
  'body-too-large': /*i18n*/ {
    id: 'refusal.body-too-large',
    message: 'This is too large to send. Shorten it or split it.',
  },
  'too-large': /*i18n*/ { id: 'refusal.too-large', message: 'This is too large to send. Shorten it or split it.' },
  'report-too-large': /*i18n*/ {
    id: 'refusal.report-too-large',
    message: 'The report is too large for one envelope. Split it into several reports.',
  },
  'media-type': /*i18n*/ { id: 'refusal.media-type', message: 'The bureau does not read this kind of data.' },
  'grade-missing': /*i18n*/ { id: 'refusal.grade-missing', message: 'Choose a grade. Nothing leaves without one.' },
  'grade-unknown': /*i18n*/ {
    id: 'refusal.grade-unknown',
    message: 'These symbols do not belong to the chosen grading scheme.',
  },
  'marking-missing': /*i18n*/ {
    id: 'refusal.marking-missing',
    message: 'Choose a marking. Nothing leaves without one.',
  },
  'marking-unknown': /*i18n*/ {
    id: 'refusal.marking-unknown',
    message: 'This marking is not complete or contradicts itself. Check handling, PAP and conditions.',
  },
  'language-unknown': /*i18n*/ { id: 'refusal.language-unknown', message: 'Choose a language from the list.' },
  'purpose-unknown': /*i18n*/ { id: 'refusal.purpose-unknown', message: 'Choose a purpose from the list.' },
  'text-too-long': /*i18n*/ { id: 'refusal.text-too-long', message: 'The text is too long. Shorten it.' },
  'control-characters': /*i18n*/ {
    id: 'refusal.control-characters',
    message: 'The text holds invisible control characters. Remove them or type the text again.',
  },
  'audience-empty': /*i18n*/ {
    id: 'refusal.audience-empty',
    message: 'Nobody is left who may read this. Choose at least one nation.',
  },
  'recipient-unknown': /*i18n*/ {
    id: 'refusal.recipient-unknown',
    message: 'This nation is not a member in the charter.',
  },
  'recipient-not-active': /*i18n*/ {
    id: 'refusal.recipient-not-active',
    message: 'This nation is not an active member at present.',
  },
  'recipient-self': /*i18n*/ { id: 'refusal.recipient-self', message: 'Your own nation cannot be a recipient.' },
  condition: /*i18n*/ { id: 'refusal.condition', message: 'A condition of the marking forbids this.' },
  purpose: /*i18n*/ {
    id: 'refusal.purpose',
    message: 'The purpose limit in the marking does not hold the stated purpose.',
  },
  'entity-unclear': /*i18n*/ {
    id: 'refusal.entity-unclear',
    message: 'One entity name stands for two things, or points to nothing. Give each its own name.',
  },
  'claim-twice': /*i18n*/ {
    id: 'refusal.claim-twice',
    message: 'The same claim stands here twice with different grades. Keep one of them.',
  },
  'too-many-attempts': /*i18n*/ {
    id: 'refusal.too-many-attempts',
    message: 'Too many attempts. Wait a minute and try again.',
  },
  'too-many-requests': /*i18n*/ {
    id: 'refusal.too-many-requests',
    message: 'Too many requests at once. Wait a moment and try again.',
  },
  'queue-full': /*i18n*/ {
    id: 'refusal.queue-full',
    message: 'The outbox for this nation is full. Urgent items still leave; try again later.',
  },
  'not-ready': /*i18n*/ {
    id: 'refusal.not-ready',
    message: 'The bureau is starting or shutting down. Try again in a moment.',
  },
  'disk-full': /*i18n*/ {
    id: 'refusal.disk-full',
    message: 'The bureau’s disk is full, so nothing was saved. Tell your administrator; then try again.',
  },
  'cross-site': /*i18n*/ {
    id: 'refusal.cross-site',
    message: 'The request came from another site and was refused. Open the console by its own address.',
  },
  'wrong-host': /*i18n*/ {
    id: 'refusal.wrong-host',
    message: 'This address does not belong to the bureau. Open the console by its own address.',
  },
  failed: /*i18n*/ {
    id: 'refusal.failed',
    message: 'The bureau made a mistake of its own. Try again; if it stays, tell your administrator the reference.',
  },
  unreachable: /*i18n*/ {
    id: 'refusal.unreachable',
    message: 'The bureau’s server does not answer. Nothing was lost; try again.',
  },
};
