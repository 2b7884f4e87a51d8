/** What the front page knows of the six bureaus: read once, then kept current by events. Pure. */
export interface Arrival {
  fromNation: string;
  elapsedMs: number;
  at: string;
}

export interface Bureau {
  nation: string;
  /** Address of its console. */
  console: string;
  ready: boolean;
  links: number;
  reports: number;
  lastArrival: Arrival | null;
}

export interface Story {
  running: boolean;
  step: number;
  steps: number;
}

export interface Delivery {
  from: string;
  to: string;
  /** From filing there to the verified signed receipt back there. */
  elapsedMs: number;
  reportNumber: number;
  at: string;
}

export interface Scene {
  bureaus: Bureau[];
  story: Story;
  /** Latest delivery per way, by `from>to`. */
  ways: ReadonlyMap<string, Delivery>;
  /** Newest first. */
  recent: Delivery[];
}

/** Lines in the list of recent deliveries; five nations receive each report. */
const recentMax = 10;

export const emptyScene: Scene = {
  bureaus: [],
  story: { running: false, step: 0, steps: 0 },
  ways: new Map(),
  recent: [],
};

export function withDelivery(scene: Scene, delivery: Delivery): Scene {
  const { from: fromNation, to, elapsedMs, at } = delivery;
  return {
    ...scene,
    ways: new Map(scene.ways).set(`${fromNation}>${to}`, delivery),
    recent: [delivery, ...scene.recent].slice(0, recentMax),
    bureaus: scene.bureaus.map((bureau) =>
      bureau.nation === to ? { ...bureau, lastArrival: { fromNation, elapsedMs, at } } : bureau,
    ),
  };
}

export function withBureau(scene: Scene, changed: Partial<Bureau> & { nation: string }): Scene {
  const bureaus = scene.bureaus.map((bureau) =>
    bureau.nation === changed.nation ? { ...bureau, ...changed } : bureau,
  );
  return { ...scene, bureaus };
}

/** The middle one of all latest times, in ms, or null while nothing has arrived. */
export function medianMs(scene: Scene): number | null {
  const times = [...scene.ways.values()].map((delivery) => delivery.elapsedMs).sort((a, b) => a - b);
  return times[Math.floor((times.length - 1) / 2)] ?? null;
}
