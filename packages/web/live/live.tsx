/** Joins the live feed to what the screens show: an event names a thing, the thing is then asked for as this viewer. */
import { useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import { refreshBoxes } from './box.ts';
import { browserPorts } from './browser-ports.ts';
import { type FeedState, openFeed } from './feed.ts';
import type { ServerEvent } from './sse.ts';

/** While the feed is silent the screens ask again this often. */
const pollEveryMs = 10_000;
/** Events that come in a burst lead to one question. */
const gatherMs = 60;

/** What an event may say: which thing moved, never what is in it. */
export interface LiveEvent {
  name: string;
  id?: string;
  version?: number;
  urgency?: 'routine' | 'urgent' | 'flash';
  nation?: string;
  state?: string;
}

export interface Live {
  feed: FeedState;
  /** The browser itself says there is no network. */
  offline: boolean;
  /** When the feed or a poll last brought anything, epoch ms. */
  lastHeardMs: number;
  /** Urgent items that arrived since the screen was opened; spoken assertively. */
  urgentCount: number;
}

const LiveContext = createContext<Live>({ feed: 'connecting', offline: false, lastHeardMs: 0, urgentCount: 0 });
export const useLive = (): Live => useContext(LiveContext);

function parse(event: ServerEvent): LiveEvent {
  try {
    return { ...(JSON.parse(event.data) as object), name: event.name };
  } catch {
    return { name: event.name };
  }
}

export function LiveProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const [feed, setFeed] = useState<FeedState>('connecting');
  const [offline, setOffline] = useState(!navigator.onLine);
  const [lastHeardMs, setLastHeard] = useState(() => Date.now());
  const [urgentCount, setUrgentCount] = useState(0);

  useEffect(() => {
    let gathered: ReturnType<typeof setTimeout> | null = null;
    const refreshSoon = () => {
      gathered ??= setTimeout(() => {
        gathered = null;
        refreshBoxes();
      }, gatherMs);
    };
    const everything = () => {
      refreshBoxes();
      void client.invalidateQueries();
    };
    const onEvent = (event: LiveEvent) => {
      setLastHeard(Date.now());
      switch (event.name) {
        case 'report.received':
          if (event.urgency === 'urgent' || event.urgency === 'flash') setUrgentCount((count) => count + 1);
          refreshSoon();
          break;
        case 'report.filed':
        case 'report.read':
          refreshSoon();
          if (event.id !== undefined) void client.invalidateQueries({ queryKey: ['report', event.id] });
          break;
        case 'report.delivery':
          void client.invalidateQueries({ queryKey: event.id === undefined ? ['delivery'] : ['delivery', event.id] });
          break;
        case 'link.changed':
          void client.invalidateQueries({ queryKey: ['coalition'] });
          break;
        case 'alarm':
          void client.invalidateQueries({ queryKey: ['alarms'] });
          break;
        case 'reset':
          everything();
          break;
        default:
      }
    };
    let wasSilent = false;
    const stop = openFeed(browserPorts, {
      event: (event) => onEvent(parse(event)),
      state: (next) => {
        setFeed(next);
        if (next === 'live' && wasSilent) everything();
        wasSilent = next === 'silent';
      },
    });
    const online = () => {
      setOffline(false);
      everything();
    };
    const gone = () => setOffline(true);
    addEventListener('online', online);
    addEventListener('offline', gone);
    return () => {
      stop();
      if (gathered !== null) clearTimeout(gathered);
      removeEventListener('online', online);
      removeEventListener('offline', gone);
    };
  }, [client]);

  useEffect(() => {
    if (feed !== 'silent' || offline) return;
    const timer = setInterval(() => {
      refreshBoxes();
      void client.invalidateQueries();
    }, pollEveryMs);
    return () => clearInterval(timer);
  }, [feed, offline, client]);

  return <LiveContext value={{ feed, offline, lastHeardMs, urgentCount }}>{children}</LiveContext>;
}
