/** What the Lingui plugin makes of a PO file. */
declare module '*.po' {
  export const messages: import('@lingui/core').Messages;
}
