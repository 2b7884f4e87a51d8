/** The console's front door: speaks the officer's language, asks who is signed in, then loads only what that needs. */
import { i18n } from '@lingui/core';
import { I18nProvider } from '@lingui/react';
import type { SessionView } from '@tripoint/bureau/desks/admin/contract';
import { lazy, StrictMode, Suspense, useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';
import './ui/fonts.css';
import './ui/tokens.css';
import './ui/base.css';
import './ui/parts.css';
import { SignIn } from './desks/admin/sign-in.tsx';
import { ask, isRefused, whenSignedOut } from './live/ask.ts';
import { speak, wishedLanguage } from './ui/language.ts';
import './ui/look.ts';

const Console = lazy(() => import('./console.tsx'));

type Who = { is: 'asking' } | { is: 'signed-out'; wasIn: boolean } | { is: 'signed-in'; session: SessionView };

function Door() {
  const [who, setWho] = useState<Who>({ is: 'asking' });
  useEffect(() => {
    whenSignedOut(() => setWho((now) => ({ is: 'signed-out', wasIn: now.is === 'signed-in' })));
    ask<SessionView>('/api/session')
      .then((session) => setWho({ is: 'signed-in', session }))
      .catch((error: unknown) => {
        if (!isRefused(error, 'signed-out')) setWho({ is: 'signed-out', wasIn: false });
      });
  }, []);
  if (who.is === 'asking') return null;
  if (who.is === 'signed-out') {
    return <SignIn wasSignedIn={who.wasIn} onSignedIn={(session) => setWho({ is: 'signed-in', session })} />;
  }
  return (
    <Suspense fallback={null}>
      <Console
        key={`${who.session.nation}/${who.session.officer.id}`}
        session={who.session}
        onSignedOut={() => setWho({ is: 'signed-out', wasIn: false })}
      />
    </Suspense>
  );
}

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
await speak(wishedLanguage());
createRoot(root).render(
  <StrictMode>
    <I18nProvider i18n={i18n}>
      <Door />
    </I18nProvider>
  </StrictMode>,
);
