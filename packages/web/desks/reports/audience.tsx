/** While writing: who will read what. A forecast made here; the binding one is made by the bureau before sending. */
import { Trans, useLingui } from '@lingui/react/macro';
import type { CoalitionView } from '@tripoint/bureau/desks/admin/contract';
import { listText, nationName } from '../../format/index.ts';
import { Icon } from '../../ui/icon.tsx';
import { useCoalition } from '../admin/coalition.ts';
import css from './audience.module.css';
import type { Form } from './draft.ts';

export function Audience({ draft }: { draft: Form }) {
  const { t } = useLingui();
  const coalition = useCoalition();
  const members = coalition.data?.members ?? [];
  const others = members.filter((member) => !member.self);
  const chosen = others.filter((member) => draft.recipients.includes(member.nation));
  const left = others.filter((member) => !draft.recipients.includes(member.nation));
  const outside = listText(left.map((member) => nationName(member.nation)));
  return (
    <aside className={css.pane} aria-label={t`Who will read what`}>
      <h2>
        <Trans>Who will read what</Trans>
      </h2>
      <div aria-live="polite" className={css.rows}>
        {chosen.length === 0 && (
          <p className="quiet">
            <Trans>Nobody yet: choose at least one nation.</Trans>
          </p>
        )}
        {chosen.map((member) => (
          <Reader key={member.nation} member={member} draft={draft} />
        ))}
        {chosen.length > 0 && left.length > 0 && (
          <p className="small quiet">
            <Trans>Not sent to: {outside}.</Trans>
          </p>
        )}
      </div>
      <p className={css.always}>
        <Icon name="lock" size={14} />
        <span>
          <Trans>Never leaves: your name, your agency's name, your time zone, references to own records.</Trans>
        </span>
      </p>
    </aside>
  );
}

function Reader({ member, draft }: { member: CoalitionView['members'][number]; draft: Form }) {
  const hidden = draft.marking.conditions.some((condition) => condition.code === 'hide-recipients');
  const count = draft.statements.length;
  const fellows = draft.recipients.filter((nation) => nation !== member.nation).map(nationName);
  const also = listText(fellows);
  return (
    <section className={css.reader}>
      <h3>
        <span className="nation">{member.nation}</span> {nationName(member.nation)}
      </h3>
      <ul>
        <li>
          <Trans>Title and text</Trans>
        </li>
        <li>
          <Trans>Statements: {count}</Trans>
        </li>
        <li>
          {hidden || fellows.length === 0 ? (
            <Trans>Sees itself as the only recipient</Trans>
          ) : (
            <Trans>Sees that it also goes to {also}</Trans>
          )}
        </li>
      </ul>
      {member.status !== 'active' && (
        <p className={css.warn}>
          <Icon name="alert" size={14} /> <Trans>Not an active member at present</Trans>
        </p>
      )}
      {member.link === 'down' && (
        <p className={css.warn}>
          <Icon name="clock" size={14} /> <Trans>Out of reach now: it will wait and be sent by itself</Trans>
        </p>
      )}
    </section>
  );
}
