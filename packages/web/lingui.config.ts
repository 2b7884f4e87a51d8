/** The catalogues of the console: one PO file a language, English is the language of the source. */
import { defineConfig } from '@lingui/cli';
import { formatter } from '@lingui/format-po';
import { languages } from './ui/languages.ts';

export default defineConfig({
  rootDir: import.meta.dirname,
  sourceLocale: 'en',
  locales: [...languages],
  catalogs: [
    {
      path: '<rootDir>/messages/{locale}/messages',
      include: ['<rootDir>/desks', '<rootDir>/ui', '<rootDir>/front'],
      exclude: ['**/*.test.ts', '**/*.css'],
    },
  ],
  format: formatter({ origins: false, printLinguiId: false }),
  orderBy: 'message',
});
