import { fromHex, toHex, utf8 } from '../cbor/index.ts';
import {
  checkEvidence,
  type EnvelopeForm,
  type EvidenceForm,
  encodeEvidence,
  encodeForkFile,
} from '../evidence/index.ts';
import { sampleEvidence, turned } from './sample-evidence.ts';

/** Evidence files and what somebody who knows the hash of charter version 1 finds in them, or which claim fails. */
export type EvidenceFile = {
  readonly about: string;
  readonly pin: string;
  /** Two files whole, as their text. */
  readonly files: { readonly report: string; readonly fork: string };
  readonly cases: readonly EvidenceCase[];
};

export type EvidenceCase = {
  readonly name: string;
  readonly of: keyof EvidenceFile['files'];
  /** Put in place of the one place of `from` in the text of the file; the file as it is when absent. */
  readonly replace?: { readonly from: string; readonly to: string };
  /** Hash of another charter than that of the file. */
  readonly pin?: string;
  readonly outcome: object;
};

/** The findings in plain JSON: bytes as hexadecimal. */
export function judgeEvidence(text: string, pin: string): object {
  const verdict = checkEvidence(utf8(text), fromHex(pin));
  if (!verdict.ok) return { refused: verdict.claim, at: verdict.at };
  if (verdict.kind === 'fork') return { fork: verdict.fork };
  const plain = ({ payload, handling, ...rest }: (typeof verdict.envelopes)[number]) => ({
    ...rest,
    payload: toHex(payload),
    handling: toHex(handling),
  });
  return { envelopes: verdict.envelopes.map(plain) };
}

export function textOfCase(file: EvidenceFile, one: EvidenceCase): string {
  const text = file.files[one.of];
  if (one.replace === undefined) return text;
  const { from, to } = one.replace;
  if (text.split(from).length !== 2) throw new Error(`${one.name}: not one place to replace`);
  return text.replace(from, () => to);
}

const base64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');
const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');

export async function makeEvidence(): Promise<EvidenceFile> {
  const { pin, form, file, fork } = await sampleEvidence(
    ['KR', 'KH', 'LA'],
    utf8('{"title":"Nobody in this text exists"}'),
    'frozen evidence',
  );
  const files = { report: textOf(file), fork: textOf(encodeForkFile(fork)) };
  const [said] = form.envelopes as [EnvelopeForm];
  const bend = (bytes: Uint8Array, at: number, text = files.report) =>
    differenceOf(text, text.replace(base64url(bytes), base64url(turned(bytes, at))));
  const whole = (name: string, other: EvidenceForm, of: EvidenceForm = form) => ({
    name,
    of: 'report' as const,
    replace: differenceOf(textOf(encodeEvidence(of)), textOf(encodeEvidence(other))),
  });
  const [head] = form.heads as [string];
  const withEnvelope = (part: Partial<EnvelopeForm>): EvidenceForm => ({ ...form, envelopes: [{ ...said, ...part }] });
  const given: Omit<EvidenceCase, 'outcome'>[] = [
    { name: 'a report, its receipts, its log and two witnesses', of: 'report' },
    whole('a report whose head nobody cosigned', { ...form, heads: [`${head.split('\n').slice(0, 5).join('\n')}\n`] }),
    whole('a report without log and receipts', { ...withEnvelope({ log: null, receipts: [] }), heads: [] }),
    { name: 'a log with two heads of one size', of: 'fork' },
    { name: 'charter: another hash', of: 'report', pin: '00'.repeat(32) },
    { name: 'form: a space too many', of: 'report', replace: { from: '{"charters"', to: '{ "charters"' } },
    {
      name: 'form: an unknown format',
      of: 'report',
      replace: { from: 'tripoint-evidence/1', to: 'tripoint-evidence/2' },
    },
    { name: 'charter: a byte of its text', of: 'report', replace: bend(form.charters[0] as Uint8Array, 900) },
    { name: 'directory: a byte of an identity key', of: 'report', replace: bend(form.entries[0] as Uint8Array, 700) },
    { name: 'head: another size', of: 'report', replace: { from: '\\n112\\n', to: '\\n128\\n' } },
    whole('witness: one half missing', { ...form, heads: [`${head.split('\n').slice(0, 6).join('\n')}\n`] }),
    { name: 'author: a byte of the second signature', of: 'report', replace: bend(said.ml, 1_000) },
    { name: 'author: another hash of the body', of: 'report', replace: bend(said.bodyHash, 3) },
    { name: 'content: a byte of what was said', of: 'report', replace: bend(said.inner, said.inner.length - 20) },
    { name: 'content: another key of the commitment', of: 'report', replace: bend(said.cs, 1) },
    whole('log: the place of another entry', withEnvelope({ log: said.receipts[0]?.log ?? null })),
    {
      name: 'receipt: a byte of a signature',
      of: 'report',
      replace: bend(said.receipts[1]?.signed as Uint8Array, 2_000),
    },
    whole(
      'receipt-log: the place of another receipt',
      withEnvelope({ receipts: said.receipts.map((one) => ({ ...one, log: said.receipts[0]?.log ?? null })) }),
    ),
    {
      name: 'head: a byte of a forked head’s signature',
      of: 'fork',
      replace: bend(fork.fork, fork.fork.length - 20, files.fork),
    },
  ];
  const made = {
    about:
      'Evidence as files: the text of each, and what it shows to whoever knows the hash of charter version 1 (pin); a refusal names the claim that fails and the field it stands in. A case replaces one place of a file.',
    pin: toHex(pin),
    files,
  };
  const cases = given.map((one) => {
    const text = textOfCase({ ...made, cases: [] }, { ...one, outcome: {} });
    return { ...one, outcome: judgeEvidence(text, one.pin ?? made.pin) };
  });
  return { ...made, cases };
}

/** The one stretch in which two texts differ, wide enough to stand in the first only once. */
function differenceOf(before: string, after: string): { from: string; to: string } {
  let front = 0;
  while (before[front] === after[front]) front += 1;
  let rear = 0;
  while (rear < Math.min(before.length, after.length) - front && before.at(-1 - rear) === after.at(-1 - rear))
    rear += 1;
  const AROUND = 24;
  const [from, to] = [Math.max(0, front - AROUND), Math.max(0, rear - AROUND)];
  return { from: before.slice(from, before.length - to), to: after.slice(from, after.length - to) };
}
