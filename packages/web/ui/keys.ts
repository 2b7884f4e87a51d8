/**
 * Which command a key stroke means. Pure: the screen hands in what happened and gets a command name or null.
 * Single keys never act in a field, during input-method composition, with a modifier, or when switched off (WCAG 2.1.4).
 */
export type Command =
  | 'next'
  | 'previous'
  | 'open'
  | 'acknowledge'
  | 'select'
  | 'take-in'
  | 'help'
  | 'palette'
  | 'compose'
  | 'go-inbox'
  | 'go-sent'
  | 'go-compose'
  | 'go-admin';

export interface Stroke {
  key: string;
  ctrl: boolean;
  meta: boolean;
  alt: boolean;
  /** An input method is composing a syllable. */
  composing: boolean;
  /** The focus is where text is typed or a list is chosen from. */
  inField: boolean;
  /** The focus is on a link, button or the like, which answers Enter itself. */
  onControl: boolean;
  /** A dialog lies over the screen. */
  inDialog: boolean;
}

export interface KeyState {
  singleKeys: boolean;
  /** `g` was pressed at this time (ms) and waits for its letter, or null. */
  goSinceMs: number | null;
}

/** How long `g` waits for its letter. */
export const goWaitMs = 1500;

const single: Record<string, Command> = {
  j: 'next',
  k: 'previous',
  Enter: 'open',
  e: 'acknowledge',
  x: 'select',
  n: 'take-in',
  c: 'compose',
  '?': 'help',
};

const afterGo: Record<string, Command> = { i: 'go-inbox', s: 'go-sent', c: 'go-compose', a: 'go-admin' };

export function commandFor(
  stroke: Stroke,
  state: KeyState,
  nowMs: number,
): { command: Command | null; state: KeyState } {
  const idle: KeyState = { ...state, goSinceMs: null };
  if (stroke.composing) return { command: null, state };
  if ((stroke.ctrl || stroke.meta) && !stroke.alt && stroke.key.toLowerCase() === 'k') {
    return { command: 'palette', state: idle };
  }
  const modified = stroke.ctrl || stroke.meta || stroke.alt;
  if (!state.singleKeys || modified || stroke.inField || stroke.inDialog) return { command: null, state: idle };
  if (state.goSinceMs !== null && nowMs - state.goSinceMs <= goWaitMs) {
    return { command: afterGo[stroke.key] ?? null, state: idle };
  }
  if (stroke.key === 'g') return { command: null, state: { ...state, goSinceMs: nowMs } };
  if (stroke.key === 'Enter' && stroke.onControl) return { command: null, state: idle };
  return { command: single[stroke.key] ?? null, state: idle };
}
