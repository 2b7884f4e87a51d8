/** Collects statements and what is none, and decides the one question both readers share: can this be said? */
import { propertyOf } from '@tripoint/model/entity';
import { isBlank, textFault } from '@tripoint/model/property';
import { type StatementDraft, sourceRefLengthMax, valueLengthMax } from '@tripoint/model/report';
import { cut, showable } from './annex.ts';
import { importPiecesMax } from './bounds.ts';
import type { Unmapped } from './imported.ts';
import { ImportRefused } from './refusal.ts';

/** The entity a statement is about, and the source's record it comes from. */
export type About = { entity: string; schema: string; sourceRef: string; where: string };

export type Extra = Pick<StatementDraft, 'lang' | 'observedFrom' | 'observedTo'>;

export class Gathering {
  readonly statements: StatementDraft[] = [];
  readonly unmapped: Unmapped[] = [];
  readonly #said = new Set<string>();
  readonly #entities = new Set<string>();
  readonly #ordinals = new Map<string, number>();

  /**
   * Makes a statement. A property the schema does not have becomes a note in the source's words (`label: value`);
   * text that no statement may hold is kept as unmapped. The same claim about the same entity is made once.
   * Throws ImportRefused: too-much-said.
   */
  say(about: About, property: string, value: string, extra: Extra = {}): void {
    const text = value.trim();
    if (text === '') return;
    if (propertyOf(about.schema, property) === undefined) {
      this.say(about, 'note', `${property}: ${text}`, extra);
      return;
    }
    const fault = faultOf(text);
    if (fault !== undefined) {
      this.keep(about, `${property}: ${text}`, fault);
      return;
    }
    const claim = JSON.stringify([about.entity, property, text]);
    if (this.#said.has(claim)) return;
    this.#said.add(claim);
    this.#entities.add(about.entity);
    const { entity, schema } = about;
    this.#refuseTooMuch();
    this.statements.push({ entity, schema, property, value: text, ...extra, sourceRef: refOf(about.sourceRef) });
  }

  /** Counts from 1 what is named for the first time; the same name has the same number again. */
  ordinal(name: string): number {
    const known = this.#ordinals.get(name) ?? this.#ordinals.size + 1;
    this.#ordinals.set(name, known);
    return known;
  }

  /** Is anything said of this entity? An edge to one of which nothing is said would point nowhere. */
  says(entity: string): boolean {
    return this.#entities.has(entity);
  }

  /** An edge: an entity of its own between two others, of both of which something is said. */
  connect(about: About, from: string, to: string, more: Record<string, string> = {}): void {
    this.say(about, 'from', from);
    this.say(about, 'to', to);
    for (const [property, value] of Object.entries(more)) this.say(about, property, value);
  }

  /** Keeps what is no statement beside the entity it belongs to. */
  keep(about: Pick<About, 'where'> & { entity?: string }, reported: string, reason: string): void {
    const entity = about.entity === undefined ? {} : { entity: about.entity };
    this.#keep({ where: about.where, reported, reason, ...entity });
  }

  /** The same for what names an agency or an officer: it is told here and leaves in no report. */
  keepAtHome(about: Pick<About, 'where'> & { entity?: string }, reported: string, reason: string): void {
    const entity = about.entity === undefined ? {} : { entity: about.entity };
    this.#keep({ where: about.where, reported, reason, homeOnly: true, ...entity });
  }

  #keep(unmapped: Unmapped): void {
    this.#refuseTooMuch();
    this.unmapped.push(unmapped);
  }

  #refuseTooMuch(): void {
    if (this.statements.length + this.unmapped.length >= importPiecesMax)
      throw new ImportRefused('too-much-said', { maximum: importPiecesMax });
  }

  /** A report that says nothing is sent to nobody. Throws ImportRefused: nothing-said. */
  refuseNothing(asked?: string): void {
    if (this.statements.length + this.unmapped.length === 0)
      throw new ImportRefused('nothing-said', asked === undefined ? {} : { expected: asked });
  }
}

/** The source's own reference, within what a report takes. */
function refOf(sourceRef: string): string {
  const shown = cut(showable(sourceRef).trim(), sourceRefLengthMax)[0] ?? '';
  return isBlank(shown) ? 'unnamed' : shown;
}

function faultOf(text: string): string | undefined {
  if (text.length > valueLengthMax) return `longer than ${valueLengthMax} characters`;
  if (isBlank(text)) return 'holds no character that can be seen';
  const fault = textFault(text, 'many-lines');
  return fault === null ? undefined : faultWords[fault];
}

const faultWords = {
  control: 'holds a control character',
  bidi: 'holds a character that changes the direction of reading',
  'lone-surrogate': 'holds half a character',
};
