const KIB = 1024;
const MIB = 1024 * KIB;

/** Every bound of a link, with its reason. The figures are those of the wire sheet, §7; the charter may set others. */
export interface Limits {
  /** One sealed copy, bytes: a 1 MiB body and its frame of stanza, hashes and signatures. */
  maxCopyBytes: number;
  /** One frame, bytes; the socket refuses more before anything is parsed. */
  maxFrameBytes: number;
  maxCopiesPerFrame: number;
  /** Lanes 2 and 3, bytes: an urgent copy waits for no more than this on our side of the socket. */
  bulkFrameBytes: number;
  /** While lane 1 waits, bulk frames stay this small (or one copy), so that urgent items get in between. */
  urgentFrameBytes: number;
  /** Bytes a peer may have uncommitted with us, per lane, from the first hello on. */
  creditBytes: readonly [number, number, number, number];
  /** Copies unacknowledged on one link: bounds what tiny copies cost beside their bytes. */
  windowCopies: number;
  /** One group commit. */
  groupCopies: number;
  groupBytes: number;
  /** Group commits running at once, over all peers; peers take turns. */
  commitsAtOnce: number;
  /** Per peer, by the monotonic clock. */
  envelopesPerSecond: number;
  envelopeBurst: number;
  bytesPerSecond: number;
  byteBurst: number;
  /** Frames of any kind, pings too: guards the processor against a rain of tiny ones. */
  framesPerSecond: number;
  frameBurst: number;
  /** Keepalive; the spread keeps bureaus from pinging in step. */
  pingMs: number;
  pingSpread: number;
  silentMs: number;
  /** Reconnect: full jitter between nothing and a ceiling that doubles from min to max. */
  redialMinMs: number;
  redialMaxMs: number;
  /** How long the higher member id lets the lower one dial first. */
  yieldMs: number;
  /** A link that lived this long was a good one: the ceiling falls back. */
  steadyMs: number;
  /** The peers are read again this often; `refresh` does it at once. */
  refreshMs: number;
  /** From the first byte of TLS to both hellos. */
  greetingMs: number;
  /** How long an old link has to answer when the same member dials anew. */
  probeMs: number;
  /** How long stop waits for a running commit and for sockets to close. */
  stopMs: number;
  /** Bytes waiting in our half of the socket before the next frame is made: small, so that urgent overtakes. */
  socketBytes: number;
  /** Receipts and control payloads waiting for the socket, bytes per link. */
  sideBytes: number;
  /** Receipts handed to the door in one call. */
  receiptsAtOnce: number;
  /** Received and not yet handled; beyond it reading pauses. */
  receiptsWaiting: number;
  controlsWaiting: number;
  /** Connections accepted and not yet greeted, all together. */
  strangers: number;
}

export const defaultLimits: Limits = {
  maxCopyBytes: 1_114_112,
  maxFrameBytes: 4 * MIB,
  maxCopiesPerFrame: 256,
  bulkFrameBytes: MIB,
  urgentFrameBytes: 256 * KIB,
  creditBytes: [2 * MIB, 2 * MIB, 8 * MIB, 8 * MIB],
  windowCopies: 8_192,
  groupCopies: 256,
  groupBytes: 8 * MIB,
  commitsAtOnce: 8,
  envelopesPerSecond: 2_000,
  envelopeBurst: 20_000,
  bytesPerSecond: 64 * MIB,
  byteBurst: 128 * MIB,
  framesPerSecond: 20_000,
  frameBurst: 40_000,
  pingMs: 15_000,
  pingSpread: 0.2,
  silentMs: 45_000,
  redialMinMs: 500,
  redialMaxMs: 60_000,
  yieldMs: 250,
  steadyMs: 5_000,
  refreshMs: 1_000,
  greetingMs: 10_000,
  probeMs: 2_000,
  stopMs: 5_000,
  socketBytes: 256 * KIB,
  sideBytes: 16 * MIB,
  receiptsAtOnce: 256,
  receiptsWaiting: 1_024,
  controlsWaiting: 16,
  strangers: 64,
};

/** Room a frame needs beside its copies, bytes: the head, and per copy lane, hint and lengths. */
export const FRAME_HEAD_BYTES = 32;
export const COPY_HEAD_BYTES = 20;
