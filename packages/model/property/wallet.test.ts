import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { describeWallet, propertyTypes } from './index.ts';

const { wallet } = propertyTypes;
const dataSets = process.env.TRIPOINT_DATASETS ?? join(import.meta.dirname, '../../../../shared/data');
const sanctioned = join(dataSets, 'sanctioned-wallets');

// BIP-173 and BIP-350, valid on the main net and invalid; CashAddr translations; EIP-55; Monero's donation address.
const valid = [
  ['BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4', 'bech32'],
  ['bc1pw508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7kt5nd6y', 'bech32m'],
  ['BC1SW50QGDZ25J', 'bech32m'],
  ['bc1zw508d6qejxtdg4y5r3zarvaryvaxxpcs', 'bech32m'],
  ['0x52908400098527886E0F7030069857D2E4169EE7', 'evm'],
  ['0xde709f2102306220921060314715629080e2fb77', 'evm'],
  ['0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359', 'evm'],
  ['bitcoincash:ppm2qsznhks23z7629mms6s4cwef74vcwvn0h829pq', 'cashaddr'],
  ['44AFFq5kSiGBoZ4NMDwYtN18obc8AemS33DBLWs3H7otXft3XjrpDtQGv7SqSsaBYBb98uNbr2VBBEt7f2wfn3RVGQBEP3A', 'monero'],
  ['rHb9CJAWyB4rj91VRWn96DkukG4bwdtyTh', 'ripple'],
  ['TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t', 'base58check'],
  ['So11111111111111111111111111111111111111112', 'solana'],
] as const;
const invalid = [
  'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5',
  'bc1rw5uspcuh',
  'bc10w508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7kw5rljs90',
  'BC1QR508D6QEJXTDG4Y5R3ZARVARYV98GJ9P',
  'bc1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3qccfmv3q',
  'bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd',
  'bc1p38j9r5y49hruaue7wxjce0updqjuyyx0kh56v8s25huc6995vvpql3jow4',
  'bc1gmk9yu',
  '0xFB6916095ca1df60bB79Ce92cE3Ea74c37c5d359',
  '44AFFq5kSiGBoZ4NMDwYtN18obc8AemS33DBLWs3H7otXft3XjrpDtQGv7SqSsaBYBb98uNbr2VBBEt7f2wfn3RVGQBEP3B',
  'TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6s',
  'tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx',
];

test('public vectors of every form are read as that form, and near misses are not wallets', () => {
  for (const [address, form] of valid) assert.equal(describeWallet(address)?.form, form, address);
  for (const address of invalid) assert.equal(wallet.clean(address).ok, false, address);
});

test('one changed letter never passes a checksum', () => {
  const checked = valid.filter(([, form]) => form !== 'solana' && form !== 'evm').map(([address]) => address);
  const letters = [...'123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'];
  fc.assert(
    fc.property(fc.constantFrom(...checked), fc.nat(), fc.constantFrom(...letters), (address, place, letter) => {
      const at = place % address.length;
      const changed = address.slice(0, at) + letter + address.slice(at + 1);
      if (changed.toLowerCase() === address.toLowerCase()) return;
      const read = wallet.clean(changed);
      assert.ok(!read.ok || wallet.matchKey(read.value) === wallet.matchKey(address), changed);
    }),
  );
});

test('a cash address and its older form are one wallet; the same key under two forms says so only where it is the same key', () => {
  const pairs = [
    ['1BpEi6DfDAUFd7GtittLSdBeYJvcoaVggu', 'bitcoincash:qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6a'],
    ['1KXrWXciRDZUpQwQmuM1DbwsKDLYAYsVLR', 'bitcoincash:qr95sy3j9xwd2ap32xkykttr4cvcu7as4y0qverfuy'],
    ['3CWFddi6m4ndiGyKqzYvsFYagqDLPVMTzC', 'bitcoincash:ppm2qsznhks23z7629mms6s4cwef74vcwvn0h829pq'],
  ] as const;
  for (const [older, cash] of pairs) assert.equal(wallet.matchKey(older), wallet.matchKey(cash));
  assert.notEqual(wallet.matchKey(pairs[0][0]), wallet.matchKey(pairs[1][0]));
  assert.equal(
    wallet.matchKey('0x52908400098527886E0F7030069857D2E4169EE7'),
    wallet.matchKey('0x52908400098527886e0f7030069857d2e4169ee7'),
  );
});

test('asset, chain and form are three things: one form serves many chains', () => {
  assert.ok(describeWallet('0xde709f2102306220921060314715629080e2fb77')!.chains.length > 1);
  assert.deepEqual(describeWallet('1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa')!.chains, [
    'bitcoin',
    'bitcoin-cash',
    'bitcoin-sv',
  ]);
  assert.deepEqual(describeWallet('TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t')!.chains, ['tron']);
});

test('every address of the published list is read, but for the one line that is none', (t) => {
  if (!existsSync(sanctioned)) return t.skip('skipped: ../shared/data/sanctioned-wallets not present');
  const forms = new Map<string, Map<string, number>>();
  const distinct = new Set<string>();
  const unread: string[] = [];
  for (const file of readdirSync(sanctioned).filter((name) => name.endsWith('.txt'))) {
    const asset = file.replace(/^sanctioned_addresses_|\.txt$/g, '');
    const counts = new Map<string, number>();
    for (const line of readFileSync(join(sanctioned, file), 'utf8').split('\n').filter(Boolean)) {
      distinct.add(line);
      const read = wallet.clean(line);
      if (!read.ok) unread.push(`${asset} ${read.reason}`);
      const form = read.ok ? describeWallet(read.value)!.form : 'none';
      counts.set(form, (counts.get(form) ?? 0) + 1);
    }
    forms.set(asset, counts);
  }
  assert.equal(distinct.size, 641);
  assert.deepEqual(unread, ['XMR form']);
  assert.equal(forms.get('XBT')!.get('bech32')! + (forms.get('XBT')!.get('bech32m') ?? 0), 80);
  assert.equal(forms.get('XBT')!.get('base58check'), 355);
  assert.deepEqual(Object.fromEntries(forms.get('USDT')!), { evm: 8, base58check: 18 });
  assert.deepEqual(Object.fromEntries(forms.get('BCH')!), { base58check: 1, cashaddr: 6 });
});
