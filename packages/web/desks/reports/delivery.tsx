/** How far an own report is on its way: one row of ticks per nation, in words, shape and time. */
import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import type { DeliveryState, DeliveryView } from '@tripoint/bureau/desks/reports/contract';
import { clockText, durationText, nationName, offsetText, preciseTimeText } from '../../format/index.ts';
import { ask } from '../../live/ask.ts';
import { Icon, type IconName } from '../../ui/icon.tsx';
import { Loading, Refusal, useNow } from '../../ui/states.tsx';
import { hasWord, word } from '../../ui/word.ts';
import css from './delivery.module.css';

type Recipient = DeliveryView['recipients'][number];
export const steps = ['sealed', 'sent', 'received', 'verified', 'opened'] as const;

const icons: Record<DeliveryState, IconName> = {
  queued: 'clock',
  sealed: 'lock',
  sent: 'arrow',
  received: 'check',
  verified: 'checks',
  opened: 'eye',
  held: 'pause',
  refused: 'cross',
  recalled: 'undo',
};
const delivered = new Set<DeliveryState>(['received', 'verified', 'opened']);
const stopped = new Set<DeliveryState>(['held', 'refused']);

const toneOf = (state: DeliveryState) => (delivered.has(state) ? 'good' : stopped.has(state) ? 'bad' : 'plain');

export const useDelivery = (id: string, enabled = true) =>
  useQuery({
    queryKey: ['delivery', id],
    enabled,
    queryFn: ({ signal }) => ask<DeliveryView>(`/api/reports/${id}/delivery`, { signal }),
  });

/** A chip per nation for the sent box: code, shape, word. */
export function DeliveryChips({ id }: { id: string }) {
  const delivery = useDelivery(id);
  const recipients = delivery.data?.recipients ?? [];
  return (
    <ul className={css.chips}>
      {recipients.map((recipient) => (
        <li key={recipient.nation}>
          <DeliveryChip recipient={recipient} />
        </li>
      ))}
    </ul>
  );
}

function DeliveryChip({ recipient }: { recipient: Recipient }) {
  const state = word('delivery', recipient.state);
  const elapsed = recipient.elapsedMs === null ? '' : ` · ${durationText(recipient.elapsedMs)}`;
  return (
    <span
      className={css.chip}
      data-tone={toneOf(recipient.state)}
      title={`${nationName(recipient.nation)}: ${state}${elapsed}`}
    >
      {recipient.nation}
      <Icon name={icons[recipient.state]} size={13} />
      <span>{state}</span>
    </span>
  );
}

/** The whole way, step by step, with times; live while the report is open. */
export function DeliveryTable({ id }: { id: string }) {
  const delivery = useDelivery(id);
  if (delivery.isPending) return <Loading rows={3} />;
  if (delivery.isError) return <Refusal error={delivery.error} again={() => void delivery.refetch()} />;
  const { recipients } = delivery.data;
  const count = recipients.length;
  const done = recipients.filter((recipient) => delivered.has(recipient.state)).length;
  return (
    <section className={css.table} aria-live="polite">
      <h3>
        <Trans>
          Delivered: {done} of {count}
        </Trans>
      </h3>
      <ul className={css.rows}>
        {recipients.map((recipient) => (
          <li key={recipient.nation}>
            <DeliveryRow recipient={recipient} />
          </li>
        ))}
      </ul>
      <p className="small quiet">
        <Trans>Received, verified and opened stand on the other bureau's signature. Sent is only our own note.</Trans>
      </p>
    </section>
  );
}

function DeliveryRow({ recipient }: { recipient: Recipient }) {
  const { t } = useLingui();
  const reached = stepReached(recipient);
  return (
    <div className={css.row}>
      <div className={css.who}>
        <span className="nation">{recipient.nation}</span> {nationName(recipient.nation)}
        <span className={css.elapsed}>{recipient.elapsedMs === null ? '' : durationText(recipient.elapsedMs)}</span>
      </div>
      <ol className={css.steps}>
        {steps.map((step, position) => {
          const at = recipient.at[step];
          const done = position <= reached;
          return (
            <li
              key={step}
              data-done={done}
              data-signed={done && position >= 2}
              title={at === null ? '' : preciseTimeText(at)}
            >
              <Icon name={icons[step]} size={14} />
              <span>{word('delivery', step)}</span>
              <span className={css.at}>{at === null ? (done ? '·' : '–') : clockText(at)}</span>
              {!done && <span className="only-heard">{t`not yet`}</span>}
            </li>
          );
        })}
      </ol>
      <Waiting recipient={recipient} />
    </div>
  );
}

/** The highest step that is known to be done; a later one implies those before it. */
export function stepReached(recipient: Pick<Recipient, 'at' | 'state'>): number {
  const byTime = steps.findLastIndex((step) => recipient.at[step] !== null);
  const byState = (steps as readonly string[]).indexOf(recipient.state);
  return Math.max(byTime, byState);
}

function Waiting({ recipient }: { recipient: Recipient }) {
  const name = nationName(recipient.nation);
  const since = recipient.at.sealed;
  if (recipient.state === 'held' || recipient.state === 'refused') {
    const reason = recipient.reason;
    return (
      <p className={css.waiting} data-tone="bad">
        <Icon name={icons[recipient.state]} size={14} />
        <span>
          {word('delivery', recipient.state)}
          {reason !== null && <>: {hasWord('alarm', reason) ? word('alarm', reason) : word('refusal', reason)}</>}
        </span>
      </p>
    );
  }
  if (recipient.state === 'recalled') return <p className={css.waiting}>{word('delivery', 'recalled')}</p>;
  if (recipient.state !== 'queued' && recipient.state !== 'sealed') return null;
  return <Queued name={name} since={since} />;
}

/** Shown once an item has waited this long: on a good line it is gone before anybody could read it. */
const waitingShownAfterMs = 2_000;

function Queued({ name, since }: { name: string; since: string | null }) {
  const nowMs = useNow(1_000);
  if (since !== null && nowMs - Date.parse(since) < waitingShownAfterMs) return null;
  const time = since === null ? '' : `${clockText(since)} (${offsetText(since)})`;
  return (
    <p className={css.waiting}>
      <Icon name="clock" size={14} />
      <span>
        {since === null ? (
          <Trans>Waits to be sealed for {name}; will be sent by itself.</Trans>
        ) : (
          <Trans>
            Queued for {name} since {time}; will be sent by itself.
          </Trans>
        )}
      </span>
    </p>
  );
}
