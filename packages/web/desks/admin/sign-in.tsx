/** Before anybody is signed in: which bureau this is, in which language, and in the demo which invented officer to be. */
import { Trans, useLingui } from '@lingui/react/macro';
import type { DoorView, SessionView } from '@tripoint/bureau/desks/admin/contract';
import { useEffect, useState } from 'react';
import { nationName } from '../../format/index.ts';
import { ask } from '../../live/ask.ts';
import { Icon } from '../../ui/icon.tsx';
import { LanguageRow } from '../../ui/language-row.tsx';
import { Loading, Refusal } from '../../ui/states.tsx';
import { word } from '../../ui/word.ts';
import css from './sign-in.module.css';

interface Props {
  /** true when the session ended under the officer's hands. */
  wasSignedIn: boolean;
  onSignedIn: (session: SessionView) => void;
}

export function SignIn({ wasSignedIn, onSignedIn }: Props) {
  const [door, setDoor] = useState<DoorView | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [asking, setAsking] = useState<string | null>(null);
  const [attempt, setAttempt] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: attempt is the wish to ask again
  useEffect(() => {
    ask<DoorView>('/api/door').then(setDoor, setError);
  }, [attempt]);

  const enter = async (officer: string) => {
    setAsking(officer);
    setError(null);
    try {
      onSignedIn(await ask<SessionView>('/api/session', { method: 'POST', body: { officer } }));
    } catch (refusal) {
      setError(refusal);
      setAsking(null);
    }
  };
  const again = () => {
    setError(null);
    setAttempt((count) => count + 1);
  };
  return (
    <div className={css.page}>
      <main className={css.card}>
        <header className={css.head}>
          <img src="/mark.svg" alt="" width="40" height="40" />
          <div>
            <p className={css.product}>Tripoint</p>
            <h1>
              {door === null ? (
                <Trans>National bureau</Trans>
              ) : (
                <>
                  <span className="nation">{door.nation}</span> <BureauOf nation={door.nation} />
                </>
              )}
            </h1>
          </div>
        </header>
        {wasSignedIn && (
          <p className="notice" data-tone="warn" role="status">
            <Icon name="lock" />
            <span>
              <Trans>You were signed out. Nothing you read was kept on this device.</Trans>
            </span>
          </p>
        )}
        {error !== null && <Refusal error={error} again={door === null ? again : undefined} />}
        {door === null && error === null && <Loading rows={3} />}
        {door?.demo === true && (
          <DemoOfficers door={door} asking={asking} onChoose={(officer) => void enter(officer)} />
        )}
        {door?.demo === false && (
          <p className="notice">
            <Icon name="lock" />
            <span>
              <Trans>Sign in with your passkey. This bureau has no invented officers.</Trans>
            </span>
          </p>
        )}
        <LanguageRow />
      </main>
    </div>
  );
}

function BureauOf({ nation }: { nation: string }) {
  const name = nationName(nation);
  return <Trans>Bureau of {name}</Trans>;
}

interface OfficersProps {
  door: DoorView;
  asking: string | null;
  onChoose: (officer: string) => void;
}

function DemoOfficers({ door, asking, onChoose }: OfficersProps) {
  const { t } = useLingui();
  return (
    <>
      <div className="notice" data-tone="warn">
        <Icon name="alert" />
        <div>
          <strong>
            <Trans>This is a demonstration.</Trans>
          </strong>{' '}
          <Trans>
            The officers, the cases and the cartels are invented. Nobody is checked at this door: choose whom to be.
          </Trans>
        </div>
      </div>
      <ul className={css.officers} aria-label={t`Invented officers`}>
        {door.officers.map((officer) => (
          <li key={officer.id}>
            <button
              type="button"
              className={css.officer}
              disabled={asking !== null}
              aria-busy={asking === officer.id}
              onClick={() => onChoose(officer.id)}
            >
              <Icon name={officer.role === 'administrator' ? 'shield' : 'people'} size={20} />
              <span>
                <strong className="isolate">{officer.name}</strong>
                <span className={css.role}>{word('role', officer.role)}</span>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
