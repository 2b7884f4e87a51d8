/** A foreign TLP or PAP label as a marking of ours (tlp.json, pap.json). It can tighten an import, never loosen it. */
import { codeRow, codes, isCode, type PapCode } from '@tripoint/model/codes';
import type { Marking } from '@tripoint/model/marking';
import { own } from './json-fields.ts';

/** The marking-definition ids that STIX 2.1 §7.2.1.4 and the TLP 2.0 extension fix for everybody. */
const stixIds: Record<string, string> = {
  'marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9': 'TLP:CLEAR',
  'marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da': 'TLP:GREEN',
  'marking-definition--f88d31f6-486f-44da-b317-01333bde0b82': 'TLP:AMBER',
  'marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed': 'TLP:RED',
  'marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487': 'TLP:CLEAR',
  'marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb': 'TLP:GREEN',
  'marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421': 'TLP:AMBER',
  'marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003': 'TLP:AMBER+STRICT',
  'marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1': 'TLP:RED',
};

/** A marking that is there but that nobody here can read asks for everything: never less than its source meant. */
export const unreadableMarking: Marking = {
  handling: ['H1', 'H2'],
  conditions: [{ code: 'onward', param: 'never' }],
  pap: 'PAP:RED',
};

/**
 * Handling and conditions for a label (`tlp:amber`, `TLP:WHITE`, `red`) or a fixed STIX id; undefined for anything else.
 * TLP says nothing of steps, so PAP stays at its loosest here: it is joined with what the officer says, and without
 * an officer's word the strictest default holds anyway. A label of a TLP nobody knows is unreadable.
 */
export function tlpMarking(label: string): Marking | undefined {
  const code = own(stixIds, label) ?? tlpCode(label);
  if (code === undefined && /^tlp:/i.test(label)) return unreadableMarking;
  const row = code === undefined ? undefined : codeRow('tlp', code);
  if (row === undefined) return undefined;
  const conditions = row.import_as.conditions.map((condition) =>
    condition === 'named-officers-only' ? { code: condition, param: [] } : { code: condition },
  );
  return { handling: row.import_as.handling as Marking['handling'], conditions, pap: loosestPap };
}

/** A tag such as `PAP:AMBER`; undefined for anything else. */
export function papMarking(label: string): Marking | undefined {
  const code = label.toUpperCase().replace('WHITE', 'CLEAR');
  return isCode('pap', code) ? { handling: ['H0'], conditions: [], pap: code as PapCode } : undefined;
}

const loosestPap = codes.pap.codes.at(-1)!.code as PapCode;

function tlpCode(label: string): string | undefined {
  const upper = label.toUpperCase().replace('WHITE', 'CLEAR');
  const code = upper.startsWith('TLP:') ? upper : `TLP:${upper}`;
  return isCode('tlp', code) ? code : undefined;
}
