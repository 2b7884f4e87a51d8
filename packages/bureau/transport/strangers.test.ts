import assert from 'node:assert/strict';
import { once } from 'node:events';
import test from 'node:test';
import { type ConnectionOptions, connect } from 'node:tls';
import { WebSocket } from 'ws';
import { makeLinkCertificate } from './link-certificate.ts';
import {
  bureaus,
  introduce,
  type LoopbackBureau,
  linked,
  random,
  rawMember,
  systemClock,
  until,
} from './loopback.fixture.ts';

/** Dials, asks for a WebSocket, and gives back every byte it was served. */
async function knock(door: LoopbackBureau, tls: ConnectionOptions): Promise<string> {
  const port = Math.abs(door.address.port);
  const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false, servername: '', ...tls });
  let served = '';
  socket.on('data', (data) => {
    served += data.toString('latin1');
  });
  socket.on('error', () => undefined);
  socket.on('secureConnect', () => {
    socket.write(
      'GET / HTTP/1.1\r\nHost: peer\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n' +
        'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: tripoint.1\r\n\r\n',
    );
  });
  const closed = new Promise((gone) => socket.once('close', gone));
  const served101 = until(() => served.includes('101 Switching'), 1_500).catch(() => undefined);
  await Promise.race([closed, served101]);
  socket.destroy();
  return served;
}

test('a caller without a certificate is served nothing', async (t) => {
  const [seoul] = await bureaus(t, 1);
  assert.equal(await knock(seoul!, {}), '');
  assert.equal(seoul!.wires.length, 0);
  assert.equal(seoul!.lines.filter(({ text }) => text.includes('without a pinned key')).length, 1);
});

test('a caller with a key nobody pinned is served nothing, and the log says so', async (t) => {
  const [seoul] = await bureaus(t, 1);
  const stranger = makeLinkCertificate({ nowMs: systemClock.nowMs() });
  assert.equal(await knock(seoul!, { key: stranger.keyPem, cert: stranger.certPem }), '');
  assert.equal(seoul!.wires.length, 0);
  assert.ok(seoul!.lines.some(({ text }) => text.includes('without a pinned key')));
});

test('the very same caller is served when its key is pinned', async (t) => {
  const [seoul, bangkok] = await bureaus(t, 2);
  const { keyPem: key, certPem: cert } = bangkok!.certificate;
  assert.match(await knock(seoul!, { key, cert }), /101 Switching/);
});

test('TLS 1.2 is refused even with a pinned key', async (t) => {
  const [seoul, bangkok] = await bureaus(t, 2);
  const { keyPem: key, certPem: cert } = bangkok!.certificate;
  assert.equal(await knock(seoul!, { key, cert, maxVersion: 'TLSv1.2' }), '');
});

test('a peer that shows another key than the pinned one is not spoken to', async (t) => {
  const [seoul, bangkok] = await bureaus(t, 2);
  bangkok!.address.pins = [random(32)];
  introduce([seoul!, bangkok!]);
  await until(() => seoul!.lines.some(({ text }) => text.includes('refused a peer whose key is not pinned')));
  assert.equal(seoul!.wires.length + bangkok!.wires.length, 0);
});

test('a member that uses another member id than its key is sent away', async (t) => {
  const [seoul, bangkok, hanoi] = await bureaus(t, 3);
  const raw = await rawMember(t, hanoi!, seoul!, false);
  raw.say({ kind: 'hello', hello: await bangkok!.door.hello(seoul!.id) });
  await until(() => raw.closeCode() !== null);
  assert.deepEqual(raw.heard.at(-1), { kind: 'bye', code: 'identity_mismatch', retryAfterMs: 60_000 });
});

test('nothing is taken from a member before its hello', async (t) => {
  const [seoul, bangkok] = await bureaus(t, 2);
  const raw = await rawMember(t, bangkok!, seoul!, false);
  raw.say({ kind: 'env', batch: 1, copies: [{ lane: 2, seq: 1n, bytes: random(100) }] });
  await until(() => raw.closeCode() !== null);
  assert.equal(seoul!.door.inbox.length, 0);
  assert.equal(raw.heard.at(-1)?.kind, 'bye');
});

test('a member that says nothing is sent away when the time for greetings is over', async (t) => {
  const [seoul, bangkok] = await bureaus(t, 2, { greetingMs: 200 });
  const raw = await rawMember(t, bangkok!, seoul!, false);
  await until(() => raw.closeCode() !== null);
  assert.deepEqual(raw.heard.at(-1), { kind: 'bye', code: 'no_hello', retryAfterMs: 5_000 });
});

test('a removed member loses its link within the moment, and cannot come back', async (t) => {
  const [seoul, bangkok] = await linked(t, 2);
  bangkok!.address.pins = [];
  seoul!.transport.refresh();
  await until(() => bangkok!.door.states.some(({ why }) => why === 'not_admitted'));
  const { keyPem: key, certPem: cert } = bangkok!.certificate;
  assert.equal(await knock(seoul!, { key, cert }), '');
});

test('a member that asks for another subprotocol is served nothing', async (t) => {
  const [seoul, bangkok] = await bureaus(t, 2);
  const { keyPem: key, certPem: cert } = bangkok!.certificate;
  const port = Math.abs(seoul!.address.port);
  const ws = new WebSocket('ws://peer/', 'tripoint.0', {
    createConnection: () => connect({ host: '127.0.0.1', port, key, cert, rejectUnauthorized: false }),
  });
  const [error] = await once(ws, 'error');
  assert.match(String(error), /hang up|reset/);
  assert.equal(seoul!.wires.length, 0);
});
