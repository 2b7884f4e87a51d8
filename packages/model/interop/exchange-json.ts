/** A JSON file of an exchange format, by what it says of itself and not by its name. */
import type { Imported } from './imported.ts';
import { readJson } from './json.ts';
import { eventsOf, mispFrom } from './misp.ts';
import { ImportRefused, type Reading, reading } from './refusal.ts';
import { isStixBundle, stixFrom } from './stix.ts';

/** STIX 2.1 bundle or MISP events. Refuses json-…, format-unknown, stix-version, nothing-said, too-much-said. */
export function readExchangeJson(text: string): Reading<Imported> {
  return reading(() => {
    const json = readJson(text);
    if (isStixBundle(json)) return stixFrom(json);
    if (eventsOf(json) !== undefined) return mispFrom(json);
    throw new ImportRefused('format-unknown');
  });
}
