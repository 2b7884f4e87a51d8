import type { Clock, Log, PeerAddress } from './door.ts';
import type { Limits } from './limits.ts';

export interface DirectOptions {
  tls: { keyPem: string; certPem: string };
  listen: { host: string; port: number };
  peers: () => PeerAddress[];
  clock: Clock;
  log: Log;
  limits: Limits;
}

export const SUBPROTOCOL = 'tripoint.1';

/** Both ends alike. The chain is never asked (self-issued), the pin is; so Node's own verdict is switched off, ours is not. */
export const tlsRules = {
  minVersion: 'TLSv1.3',
  maxVersion: 'TLSv1.3',
  rejectUnauthorized: false,
  ALPNProtocols: ['http/1.1'],
} as const;

/** No compression (it leaks), whole frames, nothing above the bound is even collected. */
export function socketRules(limits: Limits) {
  return { perMessageDeflate: false, maxPayload: limits.maxFrameBytes, maxFragments: 16 } as const;
}
