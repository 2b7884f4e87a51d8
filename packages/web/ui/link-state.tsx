import { Trans } from '@lingui/react/macro';
import type { CoalitionView } from '@tripoint/bureau/desks/admin/contract';
import { clockText, nationName, offsetText } from '../format/index.ts';

/** Whether a nation is in reach, in a sentence an officer can repeat on the telephone. */
export function LinkState({ member }: { member: CoalitionView['members'][number] }) {
  const name = nationName(member.nation);
  const queued = member.queued;
  if (member.link === 'self') return <Trans>this bureau</Trans>;
  if (member.link === 'up') {
    const since = member.sinceAt === null ? '' : clockText(member.sinceAt);
    return (
      <span>
        <Trans>
          {name}: link up since {since}
        </Trans>
      </span>
    );
  }
  const since = member.oldestAt ?? member.sinceAt;
  const time = since === null ? '' : `${clockText(since)} (${offsetText(since)})`;
  if (queued === null) {
    return (
      <span>
        <Trans>
          {name}: out of reach since {time}
        </Trans>
      </span>
    );
  }
  if (queued === 0) {
    return (
      <span>
        <Trans>
          {name}: out of reach since {time}; nothing waits.
        </Trans>
      </span>
    );
  }
  return (
    <span>
      <Trans>
        Queued for {name} since {time}: {queued}. Will be sent by itself.
      </Trans>
    </span>
  );
}
