/** Requests that no route ever sees: what cannot be read is answered here, in the same words as everything else. */
import type { Duplex } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { problem, sendDoorRefusal } from './problem.ts';
import { apiHeaders } from './security-headers.ts';

/** A path that cannot be decoded or holds an endless id names nothing here; it is never repeated to who asked. */
export function answerUnroutable(reply: FastifyReply): FastifyReply {
  return sendDoorRefusal(reply.headers(apiHeaders), 'not-found');
}

/** Bytes that are no HTTP, or headers without end: answered on the bare socket, which then closes. */
export function answerUnreadable(failure: Error & { code?: string }, socket: Duplex, reference: string): void {
  if (failure.code !== 'ECONNRESET' && socket.writable) {
    const reason = failure.code === 'HPE_HEADER_OVERFLOW' ? 'headers' : 'http';
    const body = JSON.stringify(problem('invalid', 400, [{ code: 'invalid', at: '', reason }], reference));
    const headers = { ...apiHeaders, 'content-type': 'application/problem+json', 'content-length': body.length };
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
    socket.write(['HTTP/1.1 400 Bad Request', ...lines, 'connection: close', '', body].join('\r\n'));
  }
  socket.destroy();
}
