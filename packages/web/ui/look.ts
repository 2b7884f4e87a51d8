/** Light, dark or high contrast: the officer's choice, or the system's while none is made. */
import { useSyncExternalStore } from 'react';

export const looks = ['system', 'light', 'dark', 'contrast'] as const;
export type Look = (typeof looks)[number];

const storageKey = 'tripoint-look';
const darkQuery = matchMedia('(prefers-color-scheme: dark)');
const contrastQuery = matchMedia('(prefers-contrast: more)');
const watchers = new Set<() => void>();
let look: Look = readLook();

function readLook(): Look {
  try {
    const stored = localStorage.getItem(storageKey);
    return looks.find((known) => known === stored) ?? 'system';
  } catch {
    return 'system';
  }
}

const scheme = (): 'light' | 'dark' => (look === 'dark' || (look !== 'light' && darkQuery.matches) ? 'dark' : 'light');

function paint(): void {
  const root = document.documentElement;
  root.setAttribute('data-mantine-color-scheme', scheme());
  const more = look === 'contrast' || (look === 'system' && contrastQuery.matches);
  if (more) root.setAttribute('data-contrast', 'more');
  else root.removeAttribute('data-contrast');
  for (const watcher of watchers) watcher();
}

darkQuery.addEventListener('change', paint);
contrastQuery.addEventListener('change', paint);

export function chooseLook(next: Look): void {
  look = next;
  try {
    localStorage.setItem(storageKey, next);
  } catch {
    // Storage is closed: the choice lasts as long as the page.
  }
  paint();
}

function watch(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

export const useLook = (): Look => useSyncExternalStore(watch, () => look);
export const useScheme = (): 'light' | 'dark' => useSyncExternalStore(watch, scheme);
