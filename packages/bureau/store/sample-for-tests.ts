/** Invented items and officers of a Korean bureau, for the store's tests. */
import { randomBytes, randomUUID } from 'node:crypto';
import { admitViewer, type Viewer } from '@tripoint/model/policy';
import type { ItemContents, ItemRecord, StatementRecord } from './index.ts';

export const deskOfficer = (officer = 'o1'): Viewer =>
  admitViewer({ nation: 'KR', officer, agency: 'contact-point', roles: ['desk-officer'] });

export const analystOf = (agency: string): Viewer =>
  admitViewer({ nation: 'KR', officer: 'o2', agency, roles: ['analyst'] });

/** Released by agency a1 of Korea to Thailand, unless said otherwise. */
export function ownReport(more: Partial<ItemRecord> = {}): ItemRecord {
  return {
    id: randomUUID(),
    version: 1,
    kind: 'report',
    says: 'KR',
    own: true,
    state: 'released',
    agency: 'a1',
    handling: ['H1'],
    conditions: [],
    namedOfficers: [],
    pap: 'PAP:AMBER',
    recipients: ['TH'],
    expiresDay: null,
    purpose: 'investigation',
    urgency: 'routine',
    grade: { scheme: '4x4', source: 'B', information: '2' },
    lang: 'ko',
    ...more,
  };
}

/** Sent by Thailand to Korea, unless said otherwise. */
export function receivedReport(more: Partial<ItemRecord> = {}): ItemRecord {
  return ownReport({ own: false, says: 'TH', agency: null, recipients: ['KR'], lang: 'th', ...more });
}

export function statementsOf(count: number, key = (n: number) => `+6680000${n}`): StatementRecord[] {
  return Array.from({ length: count }, (_, n) => ({
    id: randomBytes(16).toString('hex'),
    entity: 1 + Math.floor(n / 8),
    schema: 'Phone',
    property: 'phone',
    markingClass: 'H1/PAP:AMBER',
    grade: 'B2 (4x4)',
    observedFromMs: null,
    observedToMs: 1_790_000_000_000,
    assertedAtMs: 1_795_000_000_000,
    says: 'KR',
    match: { type: 'phone', key: key(n) },
  }));
}

export const contents = (title: string, text = ''): ItemContents => ({
  head: Buffer.from(title),
  body: Buffer.from(JSON.stringify({ title, text })),
});

export const textOf = (bytes: Uint8Array | null | undefined): string => Buffer.from(bytes ?? []).toString();
