/** The first page a newcomer meets: six bureaus side by side. Asks only the server it came from. */
import { i18n } from '@lingui/core';
import { I18nProvider } from '@lingui/react';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import '../ui/fonts.css';
import '../ui/tokens.css';
import '../ui/base.css';
import '../ui/parts.css';
import { speak, wishedLanguage } from '../ui/language.ts';
import { FrontPage } from './front-page.tsx';

const root = document.getElementById('root');
if (root === null) throw new Error('front.html has no #root');
await speak(wishedLanguage());
createRoot(root).render(
  <StrictMode>
    <I18nProvider i18n={i18n}>
      <FrontPage />
    </I18nProvider>
  </StrictMode>,
);
