/** "What leaves this bureau": one tab per recipient, made by the bureau with the same projection that seals. Then send. */

import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { LeavesView } from '@tripoint/bureau/desks/reports/contract';
import type { ReportDraft } from '@tripoint/model/report';
import { useEffect, useRef, useState } from 'react';
import { listText, nationName, sizeText } from '../../format/index.ts';
import { ask, isRefused } from '../../live/ask.ts';
import { useLive } from '../../live/live.tsx';
import { Fingerprint } from '../../ui/fingerprint.tsx';
import { Icon } from '../../ui/icon.tsx';
import { MarkingLine } from '../../ui/marking.tsx';
import { markingText } from '../../ui/marking-text.ts';
import { Loading, Refusal } from '../../ui/states.tsx';
import { word } from '../../ui/word.ts';
import { differences } from './difference.ts';
import { Payload } from './payload.tsx';
import css from './what-leaves.module.css';

type Leaving = LeavesView['recipients'][number];

interface Props {
  draft: ReportDraft;
  /** With a refusal when the bureau refused the draft itself. */
  onBack: (error?: unknown) => void;
  onSent: (id: string) => void;
}

export function WhatLeaves({ draft, onBack, onSent }: Props) {
  const { t } = useLingui();
  const { offline } = useLive();
  // One key for one wish to send: repeating it after a lost answer files nothing twice.
  const [idempotencyKey] = useState(() => crypto.randomUUID());
  const [sending, setSending] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const [seenBefore, setSeenBefore] = useState<LeavesView | null>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const preview = useQuery({
    queryKey: ['preview', idempotencyKey],
    queryFn: ({ signal }) => ask<LeavesView>('/api/reports/preview', { method: 'POST', body: draft, signal }),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnWindowFocus: false,
    retry: false,
  });
  useEffect(() => heading.current?.focus(), []);
  const hash = preview.data?.previewHash;
  const send = async () => {
    if (hash === undefined) return;
    setSending(true);
    setFailure(null);
    try {
      const body = { ...draft, previewHash: hash };
      const filed = await ask<{ id: string }>('/api/reports', {
        method: 'POST',
        body,
        idempotencyKey: `${idempotencyKey}:${hash}`,
      });
      onSent(filed.id);
    } catch (error) {
      setSending(false);
      if (isRefused(error, 'preview-stale')) {
        setSeenBefore(preview.data ?? null);
        await preview.refetch();
      }
      setFailure(error);
    }
  };
  const count = preview.data?.recipients.length ?? draft.recipients.length;
  return (
    <div className={css.page}>
      <header className={css.head}>
        <div>
          <h1 ref={heading} tabIndex={-1}>
            <Trans>What leaves this bureau</Trans>
          </h1>
          <p className={css.title}>{draft.title}</p>
          <MarkingLine marking={{ conditions: [], ...draft.marking }} grade={draft.grade} />
        </div>
      </header>
      {preview.isPending && <Loading rows={8} />}
      {preview.isError && <Refusal error={preview.error} again={() => void preview.refetch()} />}
      {failure !== null && <Refusal error={failure} />}
      {seenBefore !== null && preview.data !== undefined && <Difference before={seenBefore} after={preview.data} />}
      {preview.data !== undefined && (
        <Tabs defaultValue={preview.data.recipients[0]?.nation ?? null} keepMounted={false} className={css.tabs}>
          <Tabs.List aria-label={t`Recipients`}>
            {preview.data.recipients.map((leaving) => (
              <Tabs.Tab key={leaving.nation} value={leaving.nation}>
                <span className="nation">{leaving.nation}</span> {nationName(leaving.nation)}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          {preview.data.recipients.map((leaving) => (
            <Tabs.Panel key={leaving.nation} value={leaving.nation}>
              <Leaf leaving={leaving} view={preview.data} draft={draft} />
            </Tabs.Panel>
          ))}
        </Tabs>
      )}
      <footer className={css.foot}>
        <button type="button" className="button" onClick={() => onBack(preview.error ?? undefined)}>
          <Icon name="back" /> <Trans>Back to the draft</Trans>
        </button>
        <button
          type="button"
          className="button"
          data-kind="main"
          disabled={hash === undefined || sending || offline}
          aria-busy={sending}
          onClick={() => void send()}
        >
          <Icon name="lock" />{' '}
          {seenBefore === null ? (
            <Plural value={count} one="Sign and send to # nation" other="Sign and send to # nations" />
          ) : (
            <Trans>Sign and send as it is now</Trans>
          )}
        </button>
      </footer>
    </div>
  );
}

function Leaf({ leaving, view, draft }: { leaving: Leaving; view: LeavesView; draft: ReportDraft }) {
  const { t } = useLingui();
  const charterVersion = view.charterVersion;
  const audience = listText(leaving.audience.map(nationName));
  return (
    <div className={css.leaf}>
      {leaving.warnings.map((warning) => (
        <p key={warning.code} className="notice" data-tone="warn">
          <Icon name="alert" />
          <span>
            {word('warning', warning.code)}
            {warning.count !== undefined && <>: {warning.count}</>}
          </span>
        </p>
      ))}
      <dl className={css.facts}>
        <Fact name={t`Shown as author`}>{leaving.author}</Fact>
        <Fact name={t`Will be read in`}>{audience}</Fact>
        <Fact name={t`Marking`}>{markingText({ conditions: [], ...draft.marking }, draft.grade)}</Fact>
        <Fact name={t`Removed before sending`}>
          {leaving.removed.length === 0 ? t`nothing` : listText(leaving.removed.map((code) => word('removed', code)))}
        </Fact>
        <Fact name={t`Size`}>{sizeText(leaving.sizeBytes)}</Fact>
        <Fact name={t`Charter`}>
          <Trans>version {charterVersion}</Trans> <Fingerprint text={view.charterHash} />
        </Fact>
        <Fact name={t`Sealed for key`}>
          {leaving.keyFingerprint === null ? t`not yet known` : <Fingerprint text={leaving.keyFingerprint} />}
        </Fact>
      </dl>
      <h2>
        <Trans>Everything that leaves</Trans>
      </h2>
      <Payload text={leaving.payload} />
    </div>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Difference({ before, after }: { before: LeavesView; after: LeavesView }) {
  const { t } = useLingui();
  const rows = after.recipients.flatMap((leaving) => {
    const old = before.recipients.find((other) => other.nation === leaving.nation);
    const changes = differences(old?.payload ?? '', leaving.payload);
    return changes.map((change) => ({ ...change, nation: leaving.nation }));
  });
  if (before.charterHash !== after.charterHash) {
    rows.unshift({
      nation: '',
      at: t`Charter`,
      before: String(before.charterVersion),
      after: String(after.charterVersion),
    });
  }
  const gone = before.recipients.filter((old) => after.recipients.every((leaving) => leaving.nation !== old.nation));
  return (
    <section className="notice" data-tone="warn" aria-live="polite">
      <Icon name="alert" />
      <div>
        <h2 className={css.differenceTitle}>
          <Trans>What changed since you looked</Trans>
        </h2>
        {rows.length === 0 && gone.length === 0 && (
          <p>
            <Trans>The content is the same; keys or policy behind it changed.</Trans>
          </p>
        )}
        <ul>
          {gone.map((old) => (
            <li key={old.nation}>
              <s>{nationName(old.nation)}</s>
            </li>
          ))}
          {rows.map((row) => (
            <li key={`${row.nation}/${row.at}`}>
              {row.nation !== '' && <span className="nation">{row.nation}</span>} <span className="mono">{row.at}</span>
              : <del>{row.before ?? '–'}</del> → <ins>{row.after ?? '–'}</ins>
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}
