import assert from 'node:assert/strict';
import { test } from 'node:test';
import { absenceOf } from './absence.ts';

const said = (code: string) => Object.assign(new Error('said by the server'), { code, severity: 'ERROR' });
const errno = (code: string, syscall: string) => Object.assign(new Error('said by the system'), { code, syscall });

test('a full disk, a database that is away and any other fault are told apart', () => {
  assert.equal(absenceOf(said('53100')), 'full');
  for (const code of ['57P01', '57P03', '08006', '53300', '58030']) assert.equal(absenceOf(said(code)), 'away', code);
  assert.equal(absenceOf(errno('ECONNREFUSED', 'connect')), 'away');
  assert.equal(absenceOf(errno('ENOENT', 'connect')), 'away');
  assert.equal(absenceOf(new Error('Connection terminated unexpectedly')), 'away');
  for (const code of ['57014', '23505', 'XX001', '22021']) assert.equal(absenceOf(said(code)), null, code);
  assert.equal(absenceOf(errno('ENOENT', 'open')), null);
  assert.equal(absenceOf(new TypeError('no such thing')), null);
  assert.equal(absenceOf('Connection terminated'), null);
});
