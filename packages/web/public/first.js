/*
 * Runs before anything else, as the only script that is not a module.
 * 1. The style nonce: react-remove-scroll (Modal, Menu, Spotlight) reads it from __webpack_nonce__.
 * 2. The default Trusted Types policy: no string with "<" ever becomes markup; style sheets made by Mantine hold none.
 * 3. Colours and language, before the first paint, so that a dark room stays dark.
 */
(() => {
  const own = document.currentScript;
  globalThis.__webpack_nonce__ = own?.nonce || own?.dataset.nonce || '';
  globalThis.trustedTypes?.createPolicy('default', {
    createHTML: (text) => (text.includes('<') ? null : text),
    createScript: () => null,
    createScriptURL: (url) => (new URL(url, location.href).origin === location.origin ? url : null),
  });
  const root = document.documentElement;
  let look = 'system';
  let language = '';
  try {
    look = localStorage.getItem('tripoint-look') || 'system';
    language = localStorage.getItem('tripoint-language') || '';
  } catch {
    // Storage may be closed to us: then the system decides.
  }
  const prefers = (query) => matchMedia(query).matches;
  const dark = look === 'dark' || (look !== 'light' && prefers('(prefers-color-scheme: dark)'));
  root.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
  if (look === 'contrast' || (look === 'system' && prefers('(prefers-contrast: more)'))) {
    root.setAttribute('data-contrast', 'more');
  }
  if (/^[a-z]{2,3}$/.test(language)) root.lang = language;
})();
