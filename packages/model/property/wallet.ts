import { asciiForms } from './digits.ts';
import { cleaned, defineType, unparsed } from './property-type.ts';
import { readAddress, type WalletAddress } from './wallet-address.ts';

export type { WalletAddress, WalletForm } from './wallet-address.ts';

const paymentLink =
  /^(?:bitcoin|litecoin|dogecoin|dash|ethereum|monero|tron|ripple|zcash|ton|solana):(?:\/\/)?([^?@/]+).*$/i;

/**
 * A wallet's address in its canonical case. Asset, chain and address form are three things: the form is read off the
 * address, chain and asset are stated beside it (one form serves many chains, one asset lives on many).
 */
export const walletType = defineType({
  name: 'wallet',
  maxLength: 120,
  matchable: true,
  reportedMax: 512,
  clean(text) {
    const address = readAddress(asciiForms(text).replace(paymentLink, '$1'));
    return address.ok ? cleaned(address.address) : unparsed(address.reason);
  },
  mask: (value) => (value.length < 16 ? '•'.repeat(value.length) : `${value.slice(0, 5)}•••${value.slice(-4)}`),
  matchKey(value) {
    const address = readAddress(value);
    return address.ok ? `wallet:${address.key}` : null;
  },
});

/** Form of a canonical address and the chains that use this form, or null for text that is no address. */
export function describeWallet(value: string): WalletAddress | null {
  const address = readAddress(value);
  return address.ok ? address : null;
}
