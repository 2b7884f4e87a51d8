import assert from 'node:assert/strict';
import { test } from 'node:test';
import { importKey } from './import-key.ts';

const identity = {
  fileHashes: ['aa', 'bb'],
  content: { only: 'narcotics', lang: undefined },
  recipients: ['PH', 'KH'],
};

test('the same files, words and nations have the same key, in whatever order they are said', () => {
  const again = { fileHashes: ['bb', 'aa'], content: { only: 'narcotics' }, recipients: ['KH', 'PH'] };
  assert.equal(importKey(identity, 3), importKey(again, 3));
});

test('another part, file, option or nation has another key', () => {
  const keys = [
    importKey(identity, 1),
    importKey(identity, 2),
    importKey({ ...identity, fileHashes: ['aa'] }, 1),
    importKey({ ...identity, content: {} }, 1),
    importKey({ ...identity, recipients: ['PH'] }, 1),
  ];
  assert.equal(new Set(keys).size, keys.length);
  for (const key of keys) assert.match(key, /^[\x21-\x7e]{1,200}$/);
});
