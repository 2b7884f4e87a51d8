/** Joins the live feed to what the screens show: an event names a thing, the thing is then asked for as this viewer. */
import { type QueryClient, type QueryFilters, useQueryClient } from '@tanstack/react-query';
import type { CoalitionView } from '@tripoint/bureau/desks/admin/contract';
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import { ask } from './ask.ts';
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

/** A first answer still under way may be older than the event: it is awaited, then the question is asked once more. */
async function renew(client: QueryClient, which: QueryFilters): Promise<void> {
  const asked = client.getQueryCache().findAll({ ...which, fetchStatus: 'fetching' });
  const first = asked.filter((query) => query.state.data === undefined);
  await Promise.allSettled(first.map((query) => query.promise));
  await client.invalidateQueries(which);
}

/** What leaves is never asked again behind the officer's back: what was looked at is what is sent, or nothing is. */
const allButPreviews: QueryFilters = { predicate: (query) => query.queryKey[0] !== 'preview' };

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
      void renew(client, allButPreviews);
    };
    /** What waits for a nation out of reach changes with every report; a link that stands has nothing waiting. */
    const renewQueues = () => {
      const known = client.getQueryData<CoalitionView>(['coalition']);
      if (known?.members.some((member) => member.link === 'down')) void renew(client, { queryKey: ['coalition'] });
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
          renewQueues();
          if (event.id !== undefined) void renew(client, { queryKey: ['report', event.id] });
          break;
        case 'report.delivery':
          renewQueues();
          void renew(client, { queryKey: event.id === undefined ? ['delivery'] : ['delivery', event.id] });
          break;
        case 'link.changed':
          void renew(client, { queryKey: ['coalition'] });
          break;
        case 'alarm':
          void renew(client, { queryKey: ['alarms'] });
          break;
        // The stream begins here: what happened between the first reading of the lists and now is in neither.
        case 'hello':
        case 'reset':
          everything();
          break;
        default:
      }
    };
    const stop = openFeed(browserPorts, {
      event: (event) => onEvent(parse(event)),
      state: (next) => {
        setFeed(next);
        // The session ended while nobody asked anything: the question brings the sign-in, and what was shown goes.
        if (next === 'ended') ask('/api/session').catch(() => {});
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
      void renew(client, allButPreviews);
    }, pollEveryMs);
    return () => clearInterval(timer);
  }, [feed, offline, client]);

  return <LiveContext value={{ feed, offline, lastHeardMs, urgentCount }}>{children}</LiveContext>;
}
