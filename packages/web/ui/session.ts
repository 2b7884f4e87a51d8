import type { SessionView } from '@tripoint/bureau/desks/admin/contract';
import { createContext, useContext } from 'react';

/** Who is signed in at this screen, and how the screen learns that nobody is any more. */
export interface Session {
  session: SessionView;
  onSignedOut: () => void;
}

export const SessionContext = createContext<Session | null>(null);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === null) throw new Error('used outside the sign-in');
  return session;
}
