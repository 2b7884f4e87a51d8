/** How firmly a report stands in the log, who witnessed it, and the file that a court can check without this bureau. */
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import type { ProofView } from '@tripoint/bureau/desks/reports/contract';
import { type ReactNode, useState } from 'react';
import { listText, nationName } from '../../format/index.ts';
import { ask } from '../../live/ask.ts';
import { useLive } from '../../live/live.tsx';
import { saveFile } from '../../live/save-file.ts';
import { Icon, type IconName } from '../../ui/icon.tsx';
import { Loading, Refusal } from '../../ui/states.tsx';
import css from './evidence.module.css';
import { Instant } from './words.tsx';

/** A head leaves every ten seconds or so and comes back witnessed: asked again until then. */
const ASK_AGAIN_MS = 3_000;

const steps = ['durable', 'integrated', 'witnessed'] as const;

const useProof = (id: string) =>
  useQuery({
    queryKey: ['proof', id],
    queryFn: ({ signal }) => ask<ProofView>(`/api/reports/${id}/proof`, { signal }),
    refetchInterval: ({ state }) => (state.data?.state === 'witnessed' ? false : ASK_AGAIN_MS),
  });

export function Evidence({ id }: { id: string }) {
  const proof = useProof(id);
  const { offline } = useLive();
  const [failure, setFailure] = useState<unknown>(null);
  const [stage, setStage] = useState<'idle' | 'saving' | 'saved'>('idle');
  const save = async () => {
    setFailure(null);
    setStage('saving');
    try {
      const file = await ask<object>(`/api/reports/${id}/evidence`);
      // The answer is the file in its one form; written again it is the same bytes.
      saveFile(`tripoint-evidence-${id}.json`, JSON.stringify(file));
      setStage('saved');
    } catch (error) {
      setFailure(error);
      setStage('idle');
    }
  };
  return (
    <section className={`${css.evidence} not-printed`} aria-labelledby={`evidence-${id}`}>
      <h2 id={`evidence-${id}`}>
        <Trans>Evidence</Trans>
      </h2>
      {proof.isPending && <Loading rows={1} />}
      {proof.isError && <Refusal error={proof.error} again={() => void proof.refetch()} />}
      {proof.data !== undefined && <Steps proof={proof.data} />}
      <p className={css.save}>
        <button
          type="button"
          className="button"
          disabled={offline || stage === 'saving' || proof.data?.state === null}
          onClick={() => void save()}
        >
          <Icon name="save" /> <Trans>Save evidence</Trans>
        </button>
        <span role="status">
          {stage === 'saved' && <Trans>Saved. It holds the whole report: keep its marking.</Trans>}
        </span>
      </p>
      {failure !== null && <Refusal error={failure} />}
      <p className="small quiet">
        <Trans>
          One file for a court: who said what, when, to whom, and who signed for it. It can be checked without this
          bureau, with the hash of the first charter.
        </Trans>
      </p>
    </section>
  );
}

function Steps({ proof }: { proof: ProofView }) {
  const reached = proof.state === null ? -1 : steps.indexOf(proof.state);
  return (
    <ol className={css.steps} aria-live="polite">
      <Step icon="lock" isDone={reached >= 0}>
        <Trans>recorded</Trans>
      </Step>
      <Step icon="check" isDone={reached >= 1}>
        <Trans>in the log</Trans>
      </Step>
      <Step icon="checks" isDone={reached >= 2}>
        {proof.witnessedAt === null ? <Trans>witnessed</Trans> : <Witnessed proof={proof} at={proof.witnessedAt} />}
      </Step>
    </ol>
  );
}

function Witnessed({ proof, at }: { proof: ProofView; at: string }) {
  const names = listText(proof.witnesses.map(nationName));
  return (
    <>
      <Trans>witnessed by {names}</Trans> <Instant at={at} />
    </>
  );
}

function Step({ icon, isDone, children }: { icon: IconName; isDone: boolean; children: ReactNode }) {
  return (
    <li data-done={isDone}>
      <Icon name={isDone ? icon : 'clock'} size={14} />
      <span>
        {children}
        {!isDone && (
          <span className="only-heard">
            {' '}
            <Trans>not yet</Trans>
          </span>
        )}
      </span>
    </li>
  );
}
