/** Keeps the scene current: one reading at the start and after a break, events in between. */
import { useCallback, useEffect, useState } from 'react';
import { ask } from '../live/ask.ts';
import { browserPorts } from '../live/browser-ports.ts';
import { type FeedState, openFeed } from '../live/feed.ts';
import { type Bureau, type Delivery, emptyScene, type Scene, type Story, withBureau, withDelivery } from './story.ts';

interface Overview {
  bureaus: Bureau[];
  story: Story;
}

/** Counts and links are read again this often; delivery times come by themselves. */
const readEveryMs = 5_000;

export function useScene() {
  const [scene, setScene] = useState<Scene>(emptyScene);
  const [error, setError] = useState<unknown>(null);
  const [feed, setFeed] = useState<FeedState>('connecting');

  const read = useCallback(async () => {
    try {
      const overview = await ask<Overview>('/api/bureaus');
      setScene((now) => ({ ...now, ...overview }));
      setError(null);
    } catch (failure) {
      setError(failure);
    }
  }, []);

  useEffect(() => {
    void read();
    const timer = setInterval(() => void read(), readEveryMs);
    const stop = openFeed(browserPorts, {
      state: setFeed,
      event: ({ name, data }) => {
        if (name === 'delivery') setScene((now) => withDelivery(now, JSON.parse(data) as Delivery));
        if (name === 'bureau') setScene((now) => withBureau(now, JSON.parse(data) as Bureau));
        if (name === 'story') setScene((now) => ({ ...now, story: { ...now.story, ...(JSON.parse(data) as Story) } }));
      },
    });
    return () => {
      clearInterval(timer);
      stop();
    };
  }, [read]);

  const run = async (running: boolean) => {
    setScene((now) => ({ ...now, story: { ...now.story, running } }));
    try {
      await ask('/api/story', { method: 'POST', body: { running } });
    } catch (failure) {
      setError(failure);
      await read();
    }
  };
  return { scene, error, feed, read, run };
}
