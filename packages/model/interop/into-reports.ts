/**
 * Cuts an import into reports. Each stays within the limits; an entity with its other names, addresses and edges
 * stands in exactly one of them; what became no statement stands in the text of the report it belongs to.
 * The same import gives the same reports, so that a repeated import makes nothing new.
 */
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { isBlank, type Language } from '@tripoint/model/property';
import {
  reportSizeBytesMax as composedSizeBytesMax,
  type StatementDraft,
  textLengthMax,
  titleLengthMax,
} from '@tripoint/model/report';
import { annexHeading, annexLines, cut, cutAtLines, showable } from './annex.ts';
import { entityStatementsMax, reportSizeBytesMax, reportStatementsMax } from './bounds.ts';
import type { Imported } from './imported.ts';
import { ImportRefused, type Reading, reading } from './refusal.ts';
import { isReference, type Unit, unitsOf } from './units.ts';

/** A draft still without recipients, purpose, grade and marking: those are the officer's to say. */
export type ReportPart = { title: string; text: string; lang: Language; statements: StatementDraft[] };

export type ReportLimits = { statementsMax: number; sizeBytesMax: number; textLengthMax: number };

/** A source's title may be made of characters without a shape. */
const UNTITLED = 'Import without a title';

const usualLimits: ReportLimits = {
  statementsMax: reportStatementsMax,
  sizeBytesMax: reportSizeBytesMax,
  textLengthMax,
};

/** Refuses entity-too-large when one entity alone is beyond what a report may hold. */
export function intoReports(imported: Imported, limits: Partial<ReportLimits> = {}): Reading<ReportPart[]> {
  return reading(() => new Packer(imported, { ...usualLimits, ...limits }).parts());
}

type Part = {
  text: string;
  statements: StatementDraft[];
  annex: string[];
  sizeBytes: number;
  annexLength: number;
  stubs: number;
};

class Packer {
  readonly #imported: Imported;
  readonly #limits: ReportLimits;
  readonly #texts: string[];
  readonly #parts: Part[] = [];

  constructor(imported: Imported, limits: ReportLimits) {
    this.#imported = imported;
    this.#limits = limits;
    this.#texts = cutAtLines(showable(imported.text, 'many-lines'), Math.floor(limits.textLengthMax / 2));
  }

  parts(): ReportPart[] {
    this.#open();
    while (this.#parts.length < this.#texts.length) this.#open();
    const labels = new Set(this.#imported.statements.map((statement) => statement.entity));
    for (const unmapped of this.#imported.unmapped)
      if (unmapped.entity === undefined || !labels.has(unmapped.entity))
        this.#add({ statements: [], unmapped: [unmapped] });
    const { statementsMax, sizeBytesMax } = this.#limits;
    const fits = (unit: StatementDraft[]) =>
      unit.length <= statementsMax && sizeOf(unit) <= sizeBytesMax - frameSizeBytes;
    for (const unit of unitsOf(this.#imported, fits, statementsMax)) this.#add(unit);
    this.#addStubs();
    return this.#parts.map((part, index) => this.#written(part, index));
  }

  /** A text in several pieces takes one part a piece; a short one introduces every part. */
  #open(): Part {
    const text = this.#texts.length > 1 ? (this.#texts[this.#parts.length] ?? '') : (this.#texts[0] ?? '');
    const part = {
      text,
      statements: [],
      annex: [],
      sizeBytes: utf8ToBytes(text).length + frameSizeBytes,
      annexLength: 0,
      stubs: 0,
    };
    this.#parts.push(part);
    return part;
  }

  #add({ statements, unmapped }: Unit): void {
    refuseTooLarge(statements);
    const lines = unmapped.flatMap(annexLines);
    let part = this.#parts.at(-1)!;
    const isBegun = part.statements.length > 0 || part.annex.length > 0;
    if (isBegun && !this.#hasRoom(part, statements, lines)) part = this.#open();
    part.statements.push(...statements);
    part.sizeBytes += sizeOf(statements);
    part.stubs += parted(statements).size;
    for (const line of lines) this.#annex(line);
  }

  #hasRoom(part: Part, statements: StatementDraft[], lines: string[]): boolean {
    const stubs = part.stubs + parted(statements).size;
    const annex = lines.join('\n');
    return (
      part.statements.length + statements.length + stubs <= this.#limits.statementsMax &&
      part.sizeBytes + sizeOf(statements) + stubs * stubSizeBytes + utf8ToBytes(annex).length <=
        this.#limits.sizeBytesMax &&
      part.text.length + part.annexLength + annex.length + headingLength <= this.#limits.textLengthMax
    );
  }

  #annex(line: string): void {
    let part = this.#parts.at(-1)!;
    const sizeBytes = utf8ToBytes(line).length + 1;
    const isFull =
      part.text.length + part.annexLength + line.length + headingLength > this.#limits.textLengthMax ||
      part.sizeBytes + sizeBytes > this.#limits.sizeBytesMax;
    if (isFull && part.annex.length > 0) part = this.#open();
    part.annex.push(line);
    part.annexLength += line.length + 1;
    part.sizeBytes += sizeBytes;
  }

  /** An edge may point to an entity that stands in another report: there it is named again, and only named. */
  #addStubs(): void {
    const names = new Map<string, StatementDraft>();
    for (const statement of this.#imported.statements)
      if (!isReference(statement) && !names.has(statement.entity)) names.set(statement.entity, statement);
    for (const part of this.#parts) {
      for (const label of parted(part.statements)) if (names.has(label)) part.statements.push(names.get(label)!);
    }
  }

  #written({ text, statements, annex }: Part, index: number): ReportPart {
    const count = this.#parts.length;
    const heading = annex.length === 0 ? [] : ['', annexHeading(annex.length), ...annex];
    const which = count === 1 ? '' : ` (${index + 1} of ${count})`;
    const given = cut(showable(this.#imported.title).trim(), titleLengthMax - which.length)[0] ?? '';
    const title = isBlank(given) ? UNTITLED : given;
    return {
      title: `${title}${which}`,
      text: [isBlank(text) ? title : text, ...heading].join('\n'),
      lang: this.#imported.lang,
      statements,
    };
  }
}

/** Labels that these statements point to and say nothing about. */
function parted(statements: readonly StatementDraft[]): Set<string> {
  const present = new Set(statements.map((statement) => statement.entity));
  return new Set(statements.filter((s) => isReference(s) && !present.has(s.value)).map((s) => s.value));
}

/** Line, heading and counts around the annex, in characters. */
const headingLength = 100;
/** Title, recipients, marking, grade and keys of a report, in canonical bytes; generous. */
const frameSizeBytes = 8_000;
/** A name said again for an edge, in canonical bytes. */
const stubSizeBytes = 1_000;
/** What a statement carries beside its value: id, schema, property, says, times, method, source; in canonical bytes. */
const statementFrameSizeBytes = 380;

/** An upper estimate of canonical bytes: the reported form may stand beside the canonical one. */
function sizeOf(statements: StatementDraft[]): number {
  return statements.reduce((sum, statement) => sum + statementFrameSizeBytes + 2 * sizeOfValue(statement), 0);
}

function sizeOfValue({ value }: StatementDraft): number {
  return utf8ToBytes(JSON.stringify(value)).length;
}

/** An entity beyond the usual size still travels whole, up to what any report may hold. */
function refuseTooLarge(unit: StatementDraft[]): void {
  if (unit.length > entityStatementsMax)
    throw new ImportRefused('entity-too-large', { found: unit.length, maximum: entityStatementsMax });
  const sizeBytes = unit.reduce(
    (sum, statement) => sum + statementFrameSizeBytes + sizeOfValue(statement),
    frameSizeBytes,
  );
  if (sizeBytes > composedSizeBytesMax)
    throw new ImportRefused('entity-too-long', { found: sizeBytes, maximum: composedSizeBytesMax });
}
