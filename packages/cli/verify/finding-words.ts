/** Findings in the words of somebody who knows courts and no cryptography. */
import type {
  Claim,
  EnvelopeFinding,
  EvidenceVerdict,
  ForkFinding,
  LogFinding,
  ReceiptFinding,
} from '@tripoint/envelope/evidence';
import { formatGrade, formatMarking } from '@tripoint/model/marking';
import { expandStatement, parseReport, type Report } from '@tripoint/model/report';

/** Why a file proves nothing, one sentence a claim. */
export const claimWords: Readonly<Record<Claim, string>> = {
  form: 'It is not in the one form in which a bureau writes evidence; something in it was changed, or it is another kind of file.',
  charter: 'Its charter is not the one whose hash you gave, or was not carried by its members.',
  directory: 'A key in it is not vouched for by the nation it names.',
  head: 'The state of a log in it was not signed by the nation whose log it is.',
  witness: 'A nation named as a witness did not cosign that state of the log.',
  author: 'The nation named as the author did not sign this, or might not sign then.',
  content: 'What is shown is not what its author signed.',
  audience: 'The recipients named are not those that its author signed.',
  log: 'It does not stand in its author’s log where the file says.',
  receipt: 'A receipt in it was not signed by a recipient, or is for something else.',
  'receipt-log': 'A receipt in it does not stand in a log where the file says.',
  fork: 'The two states of the log that it shows do not contradict each other.',
};

const names = new Intl.DisplayNames(['en'], { type: 'region' });
const nation = (code: string): string => `${names.of(code) ?? code} (${code})`;
const nations = (codes: readonly string[]): string =>
  new Intl.ListFormat('en', { type: 'conjunction' }).format([...codes].sort().map(nation));
const at = (ms: number): string =>
  new Date(ms).toISOString().replace('T', ' ').replace('.000Z', 'Z').replace('Z', ' UTC');

export function findingWords(verdict: EvidenceVerdict & { ok: true }): string[] {
  if (verdict.kind === 'fork') return forkWords(verdict.fork);
  const many = verdict.envelopes.length;
  const said = verdict.envelopes.flatMap((one, place) => [
    ...(many > 1 ? ['', `Envelope ${place + 1} of ${many}:`] : []),
    ...envelopeWords(one),
  ]);
  return ['This evidence holds: every signature and every proof in it was checked.', ...said];
}

function forkWords({ nation: code, kind, sizes }: ForkFinding): string[] {
  if (kind === 'same-size')
    return [
      `This evidence holds: ${nation(code)} signed two different states of its log at the same length, ${sizes[0]} entries.`,
      'Both cannot be true. No honest log does this.',
    ];
  return [
    `${nation(code)} signed both states of its log in this file: one of ${sizes[0]} entries, another of ${sizes[1]}.`,
    'Whoever made the file says that it was shown no proof that one grew out of the other. That is their word:',
    'an honest log can answer it by showing such a proof.',
  ];
}

function envelopeWords(one: EnvelopeFinding): string[] {
  return [
    `${nation(one.author)} said this on ${at(one.saidAtSec * 1000)}, under version ${one.charterVersion} of the charter.`,
    `It said it to: ${nations(one.recipients)}.`,
    ...contentWords(one),
    ...one.receipts.map(receiptWords),
    ...silentWords(one),
    one.log === null
      ? 'That it stands in its author’s log is not shown here.'
      : `In the log of ${nation(one.log.nation)} it is ${placeWords(one.log)}`,
  ];
}

/** Quoted line by line, so that no words inside can pass for ours. */
const quoted = (text: string): string[] => text.split(/\r\n|[\n\r\u2028\u2029]/).map((line) => `  | ${line}`);

function contentWords({ type, payload, author }: EnvelopeFinding): string[] {
  const parsed = type === 'report.1' ? parseReport(payload) : null;
  if (parsed === null || !parsed.ok)
    return [`What it said is ${payload.length} bytes of the kind “${type}”, which this version cannot show as text.`];
  const { report } = parsed;
  const strange = report.says === author ? [] : [`Note: the text names ${report.says} as the nation that says it.`];
  return [
    'What it said:',
    ...quoted(report.title),
    ...(report.text === '' ? [] : ['  |', ...quoted(report.text)]),
    ...statementWords(report),
    `Graded ${formatGrade(report.grade)}; marked ${formatMarking(report.marking)}; shared for ${report.purpose}.`,
    ...strange,
  ];
}

function statementWords(report: Report): string[] {
  if (report.statements.length === 0) return [];
  const each = report.statements.flatMap((wire) => {
    const { entity, schema, property, value, reported } = expandStatement(report, wire);
    return quoted(`[${entity}] ${schema}, ${property}: ${reported ?? value}`);
  });
  return ['  |', ...each];
}

function receiptWords(receipt: ReceiptFinding): string {
  const who = `${nation(receipt.nation)} signed that it`;
  const stateAt = receipt.stateAtMs === null ? '' : ` on ${at(receipt.stateAtMs)}`;
  const words: Record<ReceiptFinding['state'], string> = {
    received: `${who} received it on ${at(receipt.receivedAtMs)}.`,
    verified: `${who} received it on ${at(receipt.receivedAtMs)} and found it whole${stateAt}.`,
    opened: `${who} first displayed it${stateAt.slice(0, ' on 2026-11-24'.length)}.`,
    refused: `${who} received it on ${at(receipt.receivedAtMs)} and refused it (${receipt.code ?? 'no reason given'}).`,
    recalled: `${who} took it back at its author’s word${stateAt}.`,
    erased: `${who} erased it${stateAt}.`,
    kept: `${who} keeps it under its own law${stateAt}.`,
  };
  const log =
    receipt.log === null ? '' : ` In the log of ${nation(receipt.log.nation)} this is ${placeWords(receipt.log)}`;
  return words[receipt.state] + log;
}

function silentWords({ recipients, receipts }: EnvelopeFinding): string[] {
  const signed = new Set(receipts.map((one) => one.nation));
  const silent = recipients.filter((code) => !signed.has(code));
  return silent.length === 0 ? [] : [`No receipt of ${nations(silent)} is shown here.`];
}

function placeWords({ index, size, witnesses, isWitnessed }: LogFinding): string {
  const place = `entry ${index + 1} of ${size}`;
  if (witnesses.length === 0) return `${place}; no other nation cosigned that state of the log.`;
  const last = at(Math.max(...witnesses.map(({ atSec }) => atSec)) * 1000);
  const by = `cosigned by ${nations(witnesses.map((one) => one.nation))}, the last on ${last}`;
  return isWitnessed
    ? `${place}, witnessed: ${by}.`
    : `${place}, ${by}; that is fewer than the charter asks of witnesses.`;
}
