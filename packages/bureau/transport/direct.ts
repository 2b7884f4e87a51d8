import { dialPeer } from './dial.ts';
import type { DirectOptions } from './direct-rules.ts';
import { listenForPeers } from './listen.ts';
import type { Network } from './network.ts';

/** Direct links: WebSocket over mutual TLS 1.3. No byte is read from, or written to, a key that is not pinned. */
export function directNetwork(options: DirectOptions): Network {
  return {
    listen: (accept) => listenForPeers(options, accept),
    dial: (peer, signal) => dialPeer(options, peer, signal),
  };
}
