/** Reports of a run: real ones, composed once for each kind and then only numbered anew, because composing is dear. */
import { hash } from 'node:crypto';
import { composeReport, encodeReport, type Report } from '@tripoint/model/report';
import type { Member } from './members.ts';

export interface Filing {
  /** uuid of the report. */
  item: string;
  lane: 1 | 2 | 3;
  /** To whom, with the id of the outbox row of each. */
  to: readonly { member: Member; row: string }[];
  condition: 'hide-recipients' | 'read-receipt' | null;
}

export interface Draft {
  payload: Uint8Array;
  recipients: readonly string[];
  conditions: readonly string[];
}

const templates = new Map<string, Report>();

function templateOf(says: string, recipients: readonly string[], condition: Filing['condition']): Report {
  const key = [says, ...recipients, condition].join();
  const known = templates.get(key);
  if (known) return known;
  const draft = {
    title: 'An invented report',
    text: 'Nobody in this text exists.',
    lang: 'en',
    recipients,
    purpose: 'detection',
    urgency: 'routine',
    grade: { scheme: '4x4', source: 'B', information: '2' },
    marking: { handling: ['H1'], conditions: condition ? [{ code: condition }] : [], pap: 'PAP:AMBER' },
    statements: [{ entity: 'boatman', schema: 'Person', property: 'name', value: 'An invented boatman' }],
  };
  const composed = composeReport(draft, {
    id: '00000000-0000-4000-a000-000000000000',
    salt: new Uint8Array(16),
    says,
    at: '2027-01-15T08:00:00.000Z',
    hash: (bytes) => hash('sha256', bytes, 'buffer'),
  });
  if (!composed.ok) throw new Error(`an invented report is refused: ${JSON.stringify(composed.refusals)}`);
  templates.set(key, composed.report);
  return composed.report;
}

export function draftFor(says: string, filing: Filing, nowMs: number): Draft {
  const recipients = filing.to.map(({ member }) => member.nation).sort();
  const template = templateOf(says, recipients, filing.condition);
  const report = { ...template, id: filing.item, releasedAt: new Date(nowMs).toISOString() };
  return { payload: encodeReport(report), recipients, conditions: filing.condition ? [filing.condition] : [] };
}
