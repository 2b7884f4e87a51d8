/** When something was seen, as a MISP attribute says it; a time that cannot be read stays among what is kept. */
import { propertyTypes } from '@tripoint/model/property';
import type { Extra } from './gathering.ts';
import type { JsonObject } from './json.ts';
import { textIn } from './json-fields.ts';

export type Seen = {
  extra: Pick<Extra, 'observedFrom' | 'observedTo'>;
  /** Keys of the attribute that are said whole. */
  said: string[];
};

/** A last time before the first is a mistake of the source: both are kept and neither is said. */
export function seenOf(attribute: JsonObject): Seen {
  const [from, to] = [timeIn(attribute, 'first_seen'), timeIn(attribute, 'last_seen')];
  if (from !== undefined && to !== undefined && from.slice(0, to.length) > to) return { extra: {}, said: [] };
  return {
    extra: {
      ...(from === undefined ? {} : { observedFrom: from }),
      ...(to === undefined ? {} : { observedTo: to }),
    },
    said: [...(from === undefined ? [] : ['first_seen']), ...(to === undefined ? [] : ['last_seen'])],
  };
}

/** Midnight is how the source writes a day without a time. */
function timeIn(attribute: JsonObject, key: string): string | undefined {
  const cleaned = propertyTypes.date.clean(textIn(attribute, key) ?? '');
  const time = cleaned.ok ? cleaned.value.replace('T00:00:00Z', '') : '';
  return observed.test(time) ? time : undefined;
}

const observed = /^\d{4}(-\d{2}(-\d{2}(T\d{2}:\d{2}:\d{2}Z)?)?)?$/;
