/** The administrator's desk: links, members, charter and fingerprints to read aloud, alarms in plain language. No content. */
import { Trans, useLingui } from '@lingui/react/macro';
import type { CoalitionView } from '@tripoint/bureau/desks/admin/contract';
import { nationName } from '../../format/index.ts';
import { Fingerprint } from '../../ui/fingerprint.tsx';
import { Icon } from '../../ui/icon.tsx';
import { LinkState } from '../../ui/link-state.tsx';
import { Scrolled } from '../../ui/scrolled.tsx';
import { useSession } from '../../ui/session.ts';
import { Aged, Empty, Loading, Refusal } from '../../ui/states.tsx';
import { word } from '../../ui/word.ts';
import { Instant } from '../reports/words.tsx';
import css from './admin.module.css';
import { Alarms } from './alarms.tsx';
import { useCoalition } from './coalition.ts';

export function Admin() {
  const { t } = useLingui();
  const { session } = useSession();
  const coalition = useCoalition();
  if (!session.mayAdminister) {
    return (
      <Empty title={t`For administrators`}>
        <p>
          <Trans>Keys, members and alarms are looked after by the bureau's administrator.</Trans>
        </p>
      </Empty>
    );
  }
  return (
    <div className={css.page}>
      <h1>
        <Trans>Administration</Trans>
      </h1>
      <Alarms />
      {coalition.isPending && <Loading rows={6} />}
      {coalition.isError && coalition.data === undefined && (
        <Refusal error={coalition.error} again={() => void coalition.refetch()} />
      )}
      {coalition.data !== undefined && (
        <>
          <Members members={coalition.data.members} readAtMs={coalition.dataUpdatedAt} />
          <Charter charter={coalition.data.charter} />
        </>
      )}
    </div>
  );
}

function Members({ members, readAtMs }: { members: CoalitionView['members']; readAtMs: number }) {
  const { t } = useLingui();
  return (
    <section className={css.section}>
      <header className={css.head}>
        <h2>
          <Trans>Members and links</Trans>
        </h2>
        <Aged readAtMs={readAtMs} afterMs={120_000} />
      </header>
      <Scrolled label={t`Members and links`} className={css.frame}>
        <table className={css.table}>
          <thead>
            <tr>
              <th scope="col">
                <Trans>Nation</Trans>
              </th>
              <th scope="col">
                <Trans>Standing</Trans>
              </th>
              <th scope="col">
                <Trans>Link</Trans>
              </th>
              <th scope="col">
                <Trans>Waiting</Trans>
              </th>
              <th scope="col">
                <Trans>Key fingerprint</Trans>
              </th>
            </tr>
          </thead>
          <tbody>
            {members.map((member) => (
              <tr key={member.nation}>
                <th scope="row">
                  <span className="nation">{member.nation}</span> {nationName(member.nation)}
                </th>
                <td>{word('status', member.status)}</td>
                <td>
                  <span className={css.link} data-link={member.link}>
                    <Icon name={member.link === 'down' ? 'alert' : 'check'} size={14} />
                    <LinkState member={member} />
                  </span>
                </td>
                <td className="tabular">{member.queued ?? '–'}</td>
                <td>
                  <Fingerprint text={member.fingerprint} whole />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scrolled>
      <p className="small quiet">
        <Trans>
          To check a nation's key, call its contact point on a known number and read the groups to each other.
        </Trans>
      </p>
    </section>
  );
}

function Charter({ charter }: { charter: CoalitionView['charter'] }) {
  return (
    <section className={css.section}>
      <h2>
        <Trans>Charter</Trans>
      </h2>
      <dl className={css.facts}>
        <dt>
          <Trans>Version</Trans>
        </dt>
        <dd className="tabular">{charter.version}</dd>
        <dt>
          <Trans>Valid until</Trans>
        </dt>
        <dd>
          <Instant at={charter.expires} />
        </dd>
        <dt>
          <Trans>Hash, to read aloud</Trans>
        </dt>
        <dd className={css.aloud}>
          <Fingerprint text={charter.hash} whole />
        </dd>
        <dt>
          <Trans>Identifier</Trans>
        </dt>
        <dd className="mono">{charter.id}</dd>
      </dl>
    </section>
  );
}
