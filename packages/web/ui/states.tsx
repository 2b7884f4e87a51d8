/** The states every screen has: nothing here, loading, refused, not found, old. One form for each, everywhere. */
import { Trans, useLingui } from '@lingui/react/macro';
import { type ReactNode, useEffect, useState } from 'react';
import { durationText } from '../format/index.ts';
import { isRefused, Refused, Unreachable } from '../live/ask.ts';
import { useLive } from '../live/live.tsx';
import { Icon } from './icon.tsx';
import './states.css';
import { word } from './word.ts';

export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="state">
      <h2>{title}</h2>
      {children}
    </div>
  );
}

/** Grey rows, seen only when an answer takes longer than 200 ms (states.css holds them back until then). */
export function Loading({ rows = 6 }: { rows?: number }) {
  const { t } = useLingui();
  return (
    <div className="loading" role="status" aria-label={t`Loading`}>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows are all alike and never move
        <span key={row} className="skeleton" />
      ))}
    </div>
  );
}

/** Hidden and missing are the same page, word for word. */
export function NotFound() {
  const { t } = useLingui();
  return (
    <Empty title={t`Not found`}>
      <p>
        <Trans>It does not exist, or it may not be shown to you.</Trans>
      </p>
      <p>
        <a className="button" href="/">
          <Icon name="inbox" /> <Trans>To the inbox</Trans>
        </a>
      </p>
    </Empty>
  );
}

/** A refusal in the reader's language, what to do next, and its reference number. */
export function Refusal({ error, again }: { error: unknown; again?: (() => void) | undefined }) {
  const { offline } = useLive();
  if (isRefused(error, 'not-found')) return <NotFound />;
  // The banner above says so already, and trying again is of no use yet.
  if (offline && error instanceof Unreachable) return null;
  const code = error instanceof Refused ? error.problem.code : error instanceof Unreachable ? 'unreachable' : 'failed';
  const reference = error instanceof Refused ? error.problem.reference : null;
  return (
    <div className="notice" data-tone="bad" role="alert">
      <Icon name="alert" />
      <div>
        <p>{word('refusal', code)}</p>
        {reference !== null && (
          <p className="small quiet">
            <Trans>Reference</Trans> <span className="mono">{reference}</span>
          </p>
        )}
        {again !== undefined && (
          <p className="notice-actions">
            <button type="button" className="button" data-size="s" onClick={again}>
              <Trans>Try again</Trans>
            </button>
          </p>
        )}
      </div>
    </div>
  );
}

/** Now, renewed every `everyMs`. */
export function useNow(everyMs: number): number {
  const [nowMs, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return nowMs;
}

/** Says how old the data on the screen is, once it is older than it should be. */
export function Aged({ readAtMs, afterMs = 30_000 }: { readAtMs: number; afterMs?: number }) {
  const nowMs = useNow(5_000);
  const ageMs = nowMs - readAtMs;
  if (readAtMs === 0 || ageMs < afterMs) return null;
  const age = durationText(ageMs);
  return (
    <span className="badge" data-tone="warn">
      <Icon name="clock" size={13} /> <Trans>as of {age} ago</Trans>
    </span>
  );
}
