import assert from 'node:assert/strict';
import { test } from 'node:test';
import { statementColumns } from '@tripoint/model/entity';
import pg from 'pg';
import { testStore } from './store-for-tests.ts';

test('the statement table in PostgreSQL has the columns the model names, of the types the model says, and no other', async () => {
  await using opened = await testStore();
  const client = new pg.Client(opened.options.connection);
  await client.connect();
  try {
    const { rows } = await client.query(
      `SELECT column_name AS name, data_type AS type, is_nullable = 'YES' AS nullable
       FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = 'statement'`,
    );
    const stored = new Map(rows.map(({ name, type, nullable }) => [name, { type, ...(nullable ? { nullable } : {}) }]));
    assert.deepEqual(
      Object.fromEntries([...stored].sort()),
      Object.fromEntries(Object.entries(statementColumns).sort()),
    );
  } finally {
    await client.end();
  }
});
