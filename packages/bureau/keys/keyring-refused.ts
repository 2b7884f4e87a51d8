/**
 * Why a keyring or another sealed file did not open or was not written:
 * - `missing`: no such file
 * - `exists`: a new keyring is never written over another one
 * - `permissions`: somebody but its owner could read the file, or write its folder
 * - `damaged`: not a sealed file of this version, or its contents are not what they should be
 * - `passphrase`: wrong passphrase, or the sealed part was changed: the two cannot be told apart
 * - `passphrase-short`: fewer than `PASSPHRASE_CHARS_MIN` characters
 */
export type KeyringRefusal = 'missing' | 'exists' | 'permissions' | 'damaged' | 'passphrase' | 'passphrase-short';

/** Thrown at the operator who starts the bureau; never crosses a border. */
export class KeyringRefused extends Error {
  readonly why: KeyringRefusal;

  constructor(why: KeyringRefusal) {
    super(`keyring refused: ${why}`);
    this.name = 'KeyringRefused';
    this.why = why;
  }
}
