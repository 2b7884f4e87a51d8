import assert from 'node:assert/strict';
import { test } from 'node:test';
import { propertyTable } from '@tripoint/model/entity';
import type { PropertyTypeName } from '@tripoint/model/property';
import { encodeReport, type Report, type WireStatement } from '@tripoint/model/report';
import { itemOfReport } from './item-of-report.ts';

const grade = { scheme: '4x4', source: 'B', information: '2' } as const;
const marking = { handling: ['H1'], conditions: [], pap: 'PAP:AMBER' } as const;

/** Canonical values of types whose match key reads the value. */
const canonical: Partial<Record<PropertyTypeName, string>> = {
  handle: 'telegram:@nobody',
  registration: 'KH:00-1234.5',
  wallet: '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa',
};

function reportOfEveryProperty(): Report {
  const statements = propertyTable().map(
    ({ schema, property, type }, at): WireStatement => ({
      id: at.toString(16).padStart(32, '0'),
      entity: at + 1,
      schema,
      property,
      value: canonical[type] ?? 'x',
      says: 'KR',
      assertedAt: '2026-11-23T08:31:00Z',
      method: 'person',
    }),
  );
  const head = { id: '00000000-0000-4000-8000-000000000001', version: 1, title: 'All', text: 'All', lang: 'en' };
  const rest = {
    purpose: 'detection',
    urgency: 'routine',
    recipients: ['TH'],
    releasedAt: '2026-11-23T08:31:00Z',
  } as const;
  return { ...head, ...rest, says: 'KR', grade, marking, statements } as unknown as Report;
}

test('a value stands in the match column exactly when the model says that its property is matched', () => {
  const report = reportOfEveryProperty();
  const { statements } = itemOfReport(report, { own: true, agency: null, payload: encodeReport(report) });
  const stored = statements.map(({ schema, property, match }) => ({ schema, property, type: match?.type ?? null }));
  const said = propertyTable().map(({ schema, property, type, isMatched }) => ({
    schema,
    property,
    type: isMatched ? type : null,
  }));
  assert.deepEqual(stored, said);
});
