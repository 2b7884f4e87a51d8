/** Why a bureau gave no answer, in words, and whether waiting can help. */

/** `isFinal`: a wrong address stays wrong however long it is waited for. */
export type Silence = { words: string; isFinal: boolean };

export function silenceOf(error: unknown): Silence {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const { code: given } = cause as { code?: unknown };
  const code = typeof given === 'string' ? given : cause instanceof Error ? cause.name : 'unknown';
  if (untrusted.test(code)) return { words: `it speaks no TLS that this machine trusts, ${code}`, isFinal: true };
  if (cause instanceof Error && cause.message === 'bad port')
    return { words: 'no web request may go to this port', isFinal: true };
  const words = silences.get(code);
  return { words: words === undefined ? code : `${words}, ${code}`, isFinal: code === 'ENOTFOUND' };
}

const silences: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ECONNREFUSED: 'nothing listens there',
    ECONNRESET: 'the connection broke',
    UND_ERR_SOCKET: 'the connection broke',
    ENOTFOUND: 'there is no host of this name',
    EAI_AGAIN: 'names cannot be looked up now',
    ETIMEDOUT: 'it cannot be reached',
    UND_ERR_CONNECT_TIMEOUT: 'it cannot be reached',
    EHOSTUNREACH: 'it cannot be reached',
    ENETUNREACH: 'there is no network to it',
    TimeoutError: 'it took too long',
  }),
);

/** OpenSSL's and Node's names for a certificate or a protocol that does not hold. */
const untrusted = /^ERR_SSL_|^ERR_TLS_|CERT|UNABLE_TO_/;
