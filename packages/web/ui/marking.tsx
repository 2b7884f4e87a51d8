/** How a thing may be handled and how far it may be believed, in words and shape; colour only repeats what they say. */
import type { Grade, Marking } from '@tripoint/model/marking';
import './marking.css';
import { markingFacts } from './marking-text.ts';

const shapes: Record<string, string> = {
  H0: 'M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11z',
  H1: 'M8 2l6.5 11.5h-13z',
  H2: 'M8 1.5L14.5 8 8 14.5 1.5 8z',
  H3: 'M2.5 2.5h11v11h-11z',
  'PAP:RED': 'M5.3 1.5h5.4l3.8 3.8v5.4l-3.8 3.8H5.3l-3.8-3.8V5.3z',
  'PAP:AMBER': 'M8 2l6.5 11.5h-13z',
  'PAP:GREEN': 'M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11z',
  'PAP:CLEAR': 'M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11z',
};
const filled = new Set(['H1', 'H2', 'H3', 'PAP:RED', 'PAP:AMBER', 'PAP:GREEN']);

export function MarkingShape({ code }: { code: string }) {
  return (
    <svg className="marking-shape" data-code={code} width="11" height="11" viewBox="0 0 16 16" aria-hidden="true">
      <path d={shapes[code] ?? shapes.H3} data-filled={filled.has(code)} />
    </svg>
  );
}

/** `◆ H2 · ▲ PAP:AMBER · B2 (4x4)`, with the full wording on hover and for screen readers. */
export function MarkingLine({ marking, grade }: { marking: Marking; grade?: Grade | undefined }) {
  const facts = markingFacts(marking, grade);
  return (
    <span className="marking" title={facts.wording}>
      {facts.handling.map((code) => (
        <span key={code} className="marking-part">
          <MarkingShape code={code} />
          {code}
        </span>
      ))}
      <span className="marking-part">
        <MarkingShape code={marking.pap} />
        {marking.pap}
      </span>
      {facts.conditions.map((text) => (
        <span key={text} className="marking-part marking-condition">
          {text}
        </span>
      ))}
      {facts.grade !== null && <span className="marking-part marking-grade">{facts.grade}</span>}
    </span>
  );
}
