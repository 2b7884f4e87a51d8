import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { after, before, test } from 'node:test';
import { encodeForkFile } from '@tripoint/envelope/evidence';
import { composeReport, encodeReport } from '@tripoint/model/report';
import { type SampleEvidence, sampleEvidence } from '../../envelope/vectors/sample-evidence.ts';
import { runCommand } from '../program.ts';

let dir: string;
let sample: SampleEvidence;

const draft = {
  title: 'A boat nobody has seen',
  text: 'It left at dawn.\nThailand (TH) signed that it never existed.',
  lang: 'en',
  recipients: ['KH', 'LA'],
  purpose: 'detection',
  grade: { scheme: '4x4', source: 'B', information: '2' },
  marking: { handling: ['H1'], conditions: [], pap: 'PAP:AMBER' },
  statements: [{ entity: 'boat', schema: 'Vessel', property: 'name', value: 'Slow Heron' }],
};

before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tripoint-verify-'));
  const composed = composeReport(draft as never, {
    id: '00000000-0000-4000-8000-000000000001',
    salt: new Uint8Array(16),
    says: 'KR',
    at: '2027-01-15T08:00:20.000Z',
    hash: (bytes) => createHash('sha256').update(bytes).digest(),
  });
  assert.ok(composed.ok, JSON.stringify(composed));
  sample = await sampleEvidence(['KR', 'KH', 'LA'], encodeReport(composed.report));
  await writeFile(join(dir, 'report.json'), sample.file);
  await writeFile(join(dir, 'fork.json'), encodeForkFile(sample.fork));
});
after(() => rm(dir, { recursive: true }));

async function tripoint(...words: string[]) {
  const written = { stdout: [] as string[], stderr: [] as string[] };
  const code = await runCommand(['verify', ...words], {
    stdin: Readable.from([]),
    stdout: { write: (text: string) => written.stdout.push(text) },
    stderr: { write: (text: string) => written.stderr.push(text) },
    environment: { NO_COLOR: '1' },
  });
  return { code, stdout: written.stdout.join(''), stderr: written.stderr.join('') };
}

const pin = () => Buffer.from(sample.pin).toString('hex');

test('a court clerk reads what was said by whom, when and to whom, who signed for it and who witnessed it', async () => {
  const { code, stdout } = await tripoint(join(dir, 'report.json'), '--charter', pin());
  assert.equal(code, 0);
  assert.equal(
    stdout,
    `This evidence holds: every signature and every proof in it was checked.
South Korea (KR) said this on 2027-01-15 08:00:20 UTC, under version 1 of the charter.
It said it to: Cambodia (KH) and Laos (LA).
What it said:
  | A boat nobody has seen
  |
  | It left at dawn.
  | Thailand (TH) signed that it never existed.
  |
  | [1] Vessel, name: Slow Heron
Graded B2 (4x4); marked H1 · PAP:AMBER; shared for detection.
Cambodia (KH) signed that it received it on 2027-01-15 08:00:20.040 UTC and found it whole on 2027-01-15 08:00:20.045 UTC. In the log of South Korea (KR) this is entry 98 of 112, witnessed: cosigned by Cambodia (KH) and Laos (LA), the last on 2027-01-15 08:00:29 UTC.
Laos (LA) signed that it received it on 2027-01-15 08:00:20.041 UTC and found it whole on 2027-01-15 08:00:20.046 UTC. In the log of South Korea (KR) this is entry 99 of 112, witnessed: cosigned by Cambodia (KH) and Laos (LA), the last on 2027-01-15 08:00:29 UTC.
In the log of South Korea (KR) it is entry 97 of 112, witnessed: cosigned by Cambodia (KH) and Laos (LA), the last on 2027-01-15 08:00:29 UTC.
`,
  );
});

test('the hash may be given as it was read aloud; another one, or none that is one, is refused', async () => {
  const spoken = pin()
    .toUpperCase()
    .replaceAll(/(.{4})/g, '$1 ');
  assert.equal((await tripoint(join(dir, 'report.json'), '--charter', spoken)).code, 0);
  const other = await tripoint(join(dir, 'report.json'), '--charter', '00'.repeat(32));
  assert.equal(other.code, 3);
  assert.match(other.stderr, /Do not rely on this file\. Its charter is not the one whose hash you gave/);
  assert.equal((await tripoint(join(dir, 'report.json'), '--charter', 'abcd')).code, 2);
  assert.equal((await tripoint(join(dir, 'report.json'))).code, 2);
  assert.equal((await tripoint(join(dir, 'nothing.json'), '--charter', pin())).code, 2);
});

test('a changed file is refused with the claim that fails, in words and as JSON', async () => {
  const [said] = sample.form.envelopes;
  const text = Buffer.from(sample.file).toString('utf8');
  const inner = Buffer.from(said?.inner ?? []).toString('base64url');
  const other = `${inner.slice(0, 400)}${inner[400] === 'A' ? 'B' : 'A'}${inner.slice(401)}`;
  await writeFile(join(dir, 'changed.json'), text.replace(inner, other));
  const { code, stdout, stderr } = await tripoint(join(dir, 'changed.json'), '--charter', pin(), '--json');
  assert.equal(code, 3);
  assert.deepEqual(JSON.parse(stdout), { ok: false, claim: 'content', at: 'envelopes.0' });
  assert.match(stderr, /What is shown is not what its author signed\. \(envelopes\.0\)/);
});

test('evidence of a forked log is read in the same way', async () => {
  const { code, stdout } = await tripoint(join(dir, 'fork.json'), '--charter', pin());
  assert.equal(code, 0);
  assert.match(stdout, /South Korea \(KR\) signed two different states of its log at the same length, 112 entries\./);
});
