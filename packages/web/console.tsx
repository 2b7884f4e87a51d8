/** Everything behind the sign-in: theme, data, live feed, keyboard and the screens. */
import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import type { SessionView } from '@tripoint/bureau/desks/admin/contract';
import { useEffect, useState } from 'react';
import './ui/mantine.css';
import { forgetDraft } from './desks/reports/draft.ts';
import { isRefused } from './live/ask.ts';
import { forgetBoxes } from './live/box.ts';
import { LiveProvider } from './live/live.tsx';
import { makeRouter } from './routes.tsx';
import { KeyboardProvider } from './ui/keyboard.tsx';
import { useScheme } from './ui/look.ts';
import { SessionContext } from './ui/session.ts';
import { cssVariables, theme } from './ui/theme.ts';

/** Reports stay in memory this long after their screen closed; nothing is ever written to disk. */
const keptAfterClosingMs = 5 * 60_000;

const makeClient = () =>
  new QueryClient({
    defaultOptions: {
      queries: {
        gcTime: keptAfterClosingMs,
        staleTime: 5_000,
        refetchOnWindowFocus: true,
        retry: (failures, error) => !isRefused(error) && failures < 2,
      },
    },
  });

export default function Console({ session, onSignedOut }: { session: SessionView; onSignedOut: () => void }) {
  const scheme = useScheme();
  const [client] = useState(makeClient);
  const [router] = useState(makeRouter);
  useEffect(
    () => () => {
      client.clear();
      forgetBoxes();
      forgetDraft();
    },
    [client],
  );
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      forceColorScheme={scheme}
      getStyleNonce={() => (globalThis as { __webpack_nonce__?: string }).__webpack_nonce__ ?? ''}
      withGlobalClasses={false}
    >
      <SessionContext value={{ session, onSignedOut }}>
        <QueryClientProvider client={client}>
          <LiveProvider>
            <KeyboardProvider>
              <RouterProvider router={router} />
            </KeyboardProvider>
          </LiveProvider>
        </QueryClientProvider>
      </SessionContext>
    </MantineProvider>
  );
}
