/** The nation's keys and its peers' keys. Knows who signs and who reads; knows no item and no report. */
export { formatAlias } from './alias.ts';
export type { Keyring, LinkCredentials, NewKeyring } from './keyring.ts';
export { changePassphrase, createKeyring, KEYRING_FILE, openKeyring, renewLink } from './keyring.ts';
export { type KeyringRefusal, KeyringRefused } from './keyring-refused.ts';
export type { Clock, Random } from './ports.ts';
export { PASSPHRASE_CHARS_MIN } from './sealed-file.ts';
