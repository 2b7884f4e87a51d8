/** Alarms and quarantine in plain language: what happened, from whom, how often, and whether somebody has read it. */
import { Trans, useLingui } from '@lingui/react/macro';
import { useQueryClient } from '@tanstack/react-query';
import type { AlarmView } from '@tripoint/bureau/desks/admin/contract';
import { useState } from 'react';
import { nationName } from '../../format/index.ts';
import { ask } from '../../live/ask.ts';
import { useLive } from '../../live/live.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Loading, Refusal } from '../../ui/states.tsx';
import { word } from '../../ui/word.ts';
import { Instant } from '../reports/words.tsx';
import css from './admin.module.css';
import { useAlarms } from './coalition.ts';

export function Alarms() {
  const { t } = useLingui();
  const alarms = useAlarms(true);
  const client = useQueryClient();
  const [failure, setFailure] = useState<unknown>(null);
  const read = async (id: string) => {
    setFailure(null);
    try {
      await ask(`/api/alarms/${id}/acknowledge`, { method: 'POST' });
      await client.invalidateQueries({ queryKey: ['alarms'] });
    } catch (error) {
      setFailure(error);
    }
  };
  const items = alarms.data?.items ?? [];
  return (
    <section className={css.section} aria-label={t`Alarms`}>
      <h2>
        <Trans>Alarms</Trans>
      </h2>
      {failure !== null && <Refusal error={failure} />}
      {alarms.isPending && <Loading rows={3} />}
      {alarms.isError && alarms.data === undefined && (
        <Refusal error={alarms.error} again={() => void alarms.refetch()} />
      )}
      {alarms.data !== undefined && items.length === 0 && (
        <p className="notice" data-tone="good">
          <Icon name="check" />
          <span>
            <Trans>No alarms. Every envelope that arrived was verified.</Trans>
          </span>
        </p>
      )}
      <ul className={css.alarms}>
        {items.map((alarm) => (
          <li key={alarm.id}>
            <Alarm alarm={alarm} onRead={() => void read(alarm.id)} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Alarm({ alarm, onRead }: { alarm: AlarmView; onRead: () => void }) {
  const { offline } = useLive();
  const isOpen = alarm.acknowledgedAt === null;
  return (
    <article className={css.alarm} data-open={isOpen}>
      <Icon name={isOpen ? 'alert' : 'check'} size={18} />
      <div>
        <p className={css.alarmHead}>
          <strong>{word('alarm-kind', alarm.kind)}</strong>
          {alarm.nation !== null && (
            <span>
              <span className="nation">{alarm.nation}</span> {nationName(alarm.nation)}
            </span>
          )}
          <span className="quiet tabular">× {alarm.count}</span>
        </p>
        <p>{word('alarm', alarm.code)}</p>
        <p className="small quiet">
          <Instant at={alarm.lastAt} /> · <span className="mono">{alarm.code}</span>
        </p>
      </div>
      {isOpen ? (
        <button type="button" className="button" data-size="s" disabled={offline} onClick={onRead}>
          <Icon name="check" size={14} /> <Trans>I have read this</Trans>
        </button>
      ) : (
        <span className="badge" data-tone="plain">
          <Trans>read</Trans>
        </span>
      )}
    </article>
  );
}
