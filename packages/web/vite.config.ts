/** How the console and the front page are built; the traps behind each line stand in stack.md §7. */
import process from 'node:process';
import { lingui } from '@lingui/vite-plugin';
import babel from '@rolldown/plugin-babel';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** @fontsource offers each face as woff2 and woff; every browser we serve reads woff2, so the other half stays out. */
const woff2Only: Plugin = {
  name: 'tripoint-woff2-only',
  enforce: 'pre',
  transform(code, id) {
    if (!id.includes('@fontsource') || !id.endsWith('.css')) return null;
    return { code: code.replaceAll(/,\s*url\([^)]+\.woff\)\s*format\('woff'\)/g, ''), map: null };
  },
};

// The macro and the plugin look for this from the working directory, which is wherever somebody started the build.
process.env.LINGUI_CONFIG ??= `${import.meta.dirname}/lingui.config.ts`;

/** Only sources that import the macro pass through Babel: @vitejs/plugin-react 6 itself has none. */
const linguiMacro = await babel({
  sourceMap: false,
  presets: [
    {
      preset: () => ({ plugins: ['@lingui/babel-plugin-lingui-macro'] }),
      rolldown: { filter: { code: /@lingui\/(?:core|react)\/macro/ } },
    },
  ],
});

export default defineConfig({
  root: import.meta.dirname,
  base: '/',
  html: { cspNonce: '__CSP_NONCE__' },
  plugins: [woff2Only, linguiMacro, react(), lingui({ failOnMissing: true, failOnCompileError: true })],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: 0,
    cssCodeSplit: true,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 600,
    rolldownOptions: { input: ['index.html', 'front.html'].map((page) => `${import.meta.dirname}/${page}`) },
  },
});
