/** Binds the keyboard to the commands of whatever is on the screen. The latest screen to ask is served first. */
import { createContext, type ReactNode, useContext, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { type Command, commandFor, type KeyState, type Stroke } from './keys.ts';

export type Handlers = Partial<Record<Command, () => void>>;

interface Keyboard {
  singleKeys: boolean;
  setSingleKeys: (on: boolean) => void;
  add: (handlers: { current: Handlers }) => () => void;
}

const KeyboardContext = createContext<Keyboard | null>(null);
const storageKey = 'tripoint-single-keys';

function strokeOf(event: KeyboardEvent): Stroke {
  const target = event.target instanceof Element ? event.target : null;
  const matches = (selector: string) => target?.closest(selector) !== null && target !== null;
  return {
    key: event.key,
    ctrl: event.ctrlKey,
    meta: event.metaKey,
    alt: event.altKey,
    // 229 is what browsers report for a key that the input method swallowed.
    composing: event.isComposing || event.keyCode === 229,
    inField: matches('input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]'),
    onControl: matches('a, button, input, summary, [role=button], [role=menuitem], [role=tab]'),
    inDialog: document.querySelector('[role=dialog][aria-modal=true], [role=menu]') !== null,
  };
}

function readSingleKeys(): boolean {
  try {
    return localStorage.getItem(storageKey) !== 'off';
  } catch {
    return true;
  }
}

export function KeyboardProvider({ children }: { children: ReactNode }) {
  const [singleKeys, setOn] = useState(readSingleKeys);
  const stack = useRef<{ current: Handlers }[]>([]);
  const state = useRef<KeyState>({ singleKeys, goSinceMs: null });
  state.current.singleKeys = singleKeys;

  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const answer = commandFor(strokeOf(event), state.current, event.timeStamp);
      state.current = answer.state;
      if (answer.command === null) return;
      for (const handlers of [...stack.current].reverse()) {
        const run = handlers.current[answer.command];
        if (run === undefined) continue;
        event.preventDefault();
        run();
        return;
      }
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);

  const keyboard = useMemo<Keyboard>(
    () => ({
      singleKeys,
      setSingleKeys: (on) => {
        setOn(on);
        try {
          localStorage.setItem(storageKey, on ? 'on' : 'off');
        } catch {
          // Storage is closed: the choice lasts as long as the page.
        }
      },
      add: (handlers) => {
        stack.current.push(handlers);
        return () => {
          stack.current = stack.current.filter((other) => other !== handlers);
        };
      },
    }),
    [singleKeys],
  );
  return <KeyboardContext.Provider value={keyboard}>{children}</KeyboardContext.Provider>;
}

export function useKeyboard(): Keyboard {
  const keyboard = useContext(KeyboardContext);
  if (keyboard === null) throw new Error('KeyboardProvider is missing');
  return keyboard;
}

/** Commands of this screen from the moment it stands; a quick hand may press a key before the next frame. */
export function useCommands(handlers: Handlers): void {
  const { add } = useKeyboard();
  const latest = useRef(handlers);
  latest.current = handlers;
  useLayoutEffect(() => add(latest), [add]);
}
