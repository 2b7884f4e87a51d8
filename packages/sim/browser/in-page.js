/* What the tests run inside a page, before the page's own scripts. Plain JavaScript: it never sees a compiler. */
(() => {
  const seen = { violations: [], clicks: 0, born: performance.timeOrigin };
  globalThis.seen = seen;

  document.addEventListener('securitypolicyviolation', (event) => {
    seen.violations.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sample}`);
    console.error(`policy breached: ${event.effectiveDirective} ${event.blockedURI} ${event.sample}`);
  });
  document.addEventListener('pointerdown', (event) => {
    if (event.isTrusted) seen.clicks += 1;
  });

  const isShown = (element) => {
    const { width, height } = element.getBoundingClientRect();
    return width > 0 && height > 0 && getComputedStyle(element).visibility !== 'hidden';
  };

  /** Language that an element's text is in, by the nearest lang attribute. */
  const languageOf = (element) => element.closest('[lang]')?.getAttribute('lang') ?? '';

  /** Texts an officer sees or hears in the console's own language: what reports say in theirs is left out. */
  seen.texts = () => {
    const own = document.documentElement.lang;
    const found = new Set();
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const element = node.parentElement;
      if (element === null || element.closest('script, style, .isolate, .mono, [data-report] [dir]')) continue;
      if (languageOf(element) !== own || element.closest('[translate=no]:not(html)')) continue;
      if (isShown(element) || element.closest('option, optgroup') !== null) found.add(node.data.trim());
    }
    for (const element of document.body.querySelectorAll('[aria-label], [title], [placeholder], optgroup[label]')) {
      if (languageOf(element) !== own) continue;
      for (const name of ['aria-label', 'title', 'placeholder', 'label']) {
        const text = element.getAttribute(name);
        if (text) found.add(text.trim());
      }
    }
    return [...found].filter((text) => /\p{L}{2}/u.test(text));
  };

  /** Elements that hold Thai, Lao or Khmer letters, whose marks pile up, in tighter lines than `least`. */
  seen.tightLines = (least) => {
    const found = new Set();
    for (const element of document.body.querySelectorAll('*')) {
      const isPiled = (node) => node.nodeType === 3 && /[\u0e00-\u0eff\u1780-\u17ff]/.test(node.data);
      if (![...element.childNodes].some(isPiled) || !isShown(element) || element.closest('option, .only-heard'))
        continue;
      const style = getComputedStyle(element);
      const ratio = Number.parseFloat(style.lineHeight) / Number.parseFloat(style.fontSize);
      if (ratio < least - 0.01) found.add(`${ratio.toFixed(2)} ${element.tagName} ${element.className}`);
    }
    return [...found];
  };

  /** Faces that the shown text asks for and that did not come. */
  seen.lackingFonts = async () => {
    await document.fonts.ready;
    return [...document.fonts].filter((face) => face.status === 'error').map((face) => `${face.family} ${face.weight}`);
  };

  /** true when the page is wider than its window. */
  seen.overflows = () => document.documentElement.scrollWidth > document.documentElement.clientWidth + 1;

  /** Everything that outlives the page on this device. */
  seen.kept = async () => ({
    local: Object.fromEntries(Object.entries(localStorage)),
    session: Object.fromEntries(Object.entries(sessionStorage)),
    databases: (await indexedDB.databases()).map(({ name }) => name),
    caches: await caches.keys(),
    cookies: document.cookie,
  });
})();
