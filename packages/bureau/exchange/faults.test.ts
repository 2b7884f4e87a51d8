import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isOwnFault } from './faults.ts';

const said = (code: string) => Object.assign(new Error('said by the server'), { code, severity: 'ERROR' });
const errno = (code: string) => Object.assign(new Error('said by the system'), { code });

test('a database that is away, full or busy is no fault of what was to be stored', () => {
  for (const code of ['57P01', '57P03', '08006', '40P01', '40001', '53100', '55P03', '58030', '25P03', '25P02'])
    assert.equal(isOwnFault(said(code)), false, code);
  for (const code of ['EPIPE', 'ECONNRESET', 'ENOENT', 'EBUSY']) assert.equal(isOwnFault(errno(code)), false, code);
  assert.equal(isOwnFault(new Error('Connection terminated unexpectedly')), false);
  assert.equal(isOwnFault(null), false);
});

test('what the database refuses to keep, and what our own code cannot do, would fail again', () => {
  for (const code of ['22021', '22003', '23505', '42703', '54000', 'XX000'])
    assert.equal(isOwnFault(said(code)), true, code);
  assert.equal(isOwnFault(new RangeError('too large')), true);
  assert.equal(isOwnFault(new TypeError('no such thing')), true);
});
