/** Writing a report: say it, mark it, see who will read what; then look at what leaves, then send. */
import { Trans, useLingui } from '@lingui/react/macro';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { languageName, nationName } from '../../format/index.ts';
import { Refused } from '../../live/ask.ts';
import { useLive } from '../../live/live.tsx';
import { purposes, reportLanguages, urgencies } from '../../ui/codes.ts';
import { Icon } from '../../ui/icon.tsx';
import { isKorean, loadKoreanLetters } from '../../ui/korean.ts';
import { useSession } from '../../ui/session.ts';
import { Empty, Refusal } from '../../ui/states.tsx';
import { word } from '../../ui/word.ts';
import { useCoalition } from '../admin/coalition.ts';
import { Audience } from './audience.tsx';
import css from './compose.module.css';
import { changeDraft, type Fault, type Form, faultsOf, forgetDraft, toReportDraft, useDraft } from './draft.ts';
import { GradePicker, MarkingPicker, QuickEntryField } from './pickers.tsx';
import { StatementsEditor } from './statements-editor.tsx';
import { WhatLeaves } from './what-leaves.tsx';

/** Words of the first fault at a field or below it. */
export const faultWords = (faults: readonly Fault[], at: string): string | undefined => {
  const fault = faults.find((known) => known.at === at || known.at.startsWith(`${at}.`));
  return fault === undefined ? undefined : word('refusal', fault.code);
};

/** Facts of a refusal, as faults at fields; a fact about a nation belongs to the recipients. */
function faultsOfRefusal(error: unknown): Fault[] {
  if (!(error instanceof Refused)) return [];
  const { facts, code } = error.problem;
  return facts.map((fact) => ({
    at: typeof fact.at === 'string' ? fact.at : typeof fact.nation === 'string' ? 'recipients' : '',
    code: fact.reason === 'empty' ? 'empty' : typeof fact.code === 'string' ? fact.code : code,
  }));
}

/** The draft that was tried, and what the bureau found wrong in it. */
interface Tried {
  draft: Form;
  refused: Fault[];
}

/** Our own findings anew with every key; the bureau's for as long as the field is what it refused. */
function faultsNow(tried: Tried | null, draft: Form): Fault[] {
  if (tried === null) return [];
  const partAt = (form: Form, at: string): unknown => {
    const [field, row] = at.split('.');
    return field === 'statements' ? form.statements[Number(row)] : form[field as keyof Form];
  };
  const standing = tried.refused.filter(({ at }) => partAt(tried.draft, at) === partAt(draft, at));
  return [...standing, ...faultsOf(draft)];
}

export function Compose() {
  const { t, i18n } = useLingui();
  const navigate = useNavigate();
  const { session } = useSession();
  const { offline } = useLive();
  const draft = useDraft(i18n.locale);
  const [looking, setLooking] = useState(false);
  const [tried, setTried] = useState<Tried | null>(null);
  const faults = faultsNow(tried, draft);
  const [refusal, setRefusal] = useState<unknown>(null);
  const form = useRef<HTMLFormElement>(null);
  const nations = useMembers();
  useEffect(() => {
    const { title, text, offence, statements } = draft;
    const written = [title, text, offence, ...statements.flatMap(({ entity, value }) => [entity, value])];
    if (written.some(isKorean)) loadKoreanLetters();
  }, [draft]);

  if (!session.mayFile) {
    return (
      <Empty title={t`Reports are written by desk officers and analysts`}>
        <p>
          <Trans>Your role reads and keeps the bureau running; it does not file reports.</Trans>
        </p>
      </Empty>
    );
  }
  const showFaults = (found: Fault[], refused: Fault[] = []) => {
    setTried({ draft, refused });
    const at = found[0]?.at.split('.')[0];
    requestAnimationFrame(() => {
      const field = form.current?.querySelector<HTMLElement>(`[data-at="${at}"]`);
      field?.scrollIntoView({ block: 'center' });
      field?.querySelector<HTMLElement>('input, textarea, select')?.focus({ preventScroll: true });
    });
  };
  const look = () => {
    setRefusal(null);
    const found = faultsOf(draft);
    if (found.length > 0) return showFaults(found);
    setTried(null);
    setLooking(true);
  };
  const back = (error?: unknown) => {
    setLooking(false);
    if (error === undefined) return;
    setRefusal(error);
    const refused = faultsOfRefusal(error);
    showFaults(refused, refused);
  };
  if (looking) {
    return (
      <WhatLeaves
        draft={toReportDraft(draft)}
        onBack={back}
        onSent={(id) => {
          forgetDraft();
          void navigate({ to: '/reports/$id', params: { id } });
        }}
      />
    );
  }
  return (
    <div className={css.page}>
      <form
        ref={form}
        className={css.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          look();
        }}
      >
        <header className={css.head}>
          <h1>
            <Trans>New report</Trans>
          </h1>
          <button
            type="button"
            className="button"
            data-kind="quiet"
            onClick={() => {
              forgetDraft();
              setTried(null);
              setRefusal(null);
            }}
          >
            <Icon name="cross" size={14} /> <Trans>Clear the draft</Trans>
          </button>
        </header>
        {refusal !== null && <Refusal error={refusal} />}
        <Fields draft={draft} faults={faults} nations={nations} />
        <footer className={css.foot}>
          <p className="small quiet">
            <Trans>The draft stays in this page's memory. Nothing leaves before you have seen what leaves.</Trans>
          </p>
          <button type="submit" className="button" data-kind="main" disabled={offline}>
            <Icon name="eye" /> <Trans>What leaves this bureau</Trans>
          </button>
        </footer>
      </form>
      <Audience draft={draft} />
    </div>
  );
}

function useMembers(): string[] {
  const coalition = useCoalition();
  return (coalition.data?.members ?? []).filter((member) => !member.self).map((member) => member.nation);
}

function Fields({ draft, faults, nations }: { draft: Form; faults: Fault[]; nations: string[] }) {
  const { t } = useLingui();
  const at = (path: string) => faultWords(faults, path);
  const toggle = (nation: string) =>
    changeDraft({
      recipients: draft.recipients.includes(nation)
        ? draft.recipients.filter((held) => held !== nation)
        : [...draft.recipients, nation],
    });
  return (
    <>
      <Part at="recipients" legend={t`Recipients`} error={at('recipients')}>
        <div className="choices">
          {nations.map((nation) => (
            <label key={nation} className="choice">
              <input type="checkbox" checked={draft.recipients.includes(nation)} onChange={() => toggle(nation)} />
              <span>
                <span className="nation">{nation}</span> {nationName(nation)}
              </span>
            </label>
          ))}
          <button
            type="button"
            className="button"
            data-kind="quiet"
            data-size="s"
            onClick={() => changeDraft({ recipients: draft.recipients.length === nations.length ? [] : nations })}
          >
            {draft.recipients.length === nations.length && nations.length > 0 ? t`None` : t`All nations`}
          </button>
        </div>
      </Part>
      <Field at="title" label={t`Title`} error={at('title')}>
        {(control) => (
          <input
            {...control}
            type="text"
            maxLength={200}
            lang={draft.lang}
            value={draft.title}
            onChange={(event) => changeDraft({ title: event.currentTarget.value })}
          />
        )}
      </Field>
      <Field at="text" label={t`Text`} error={at('text')}>
        {(control) => (
          <textarea
            {...control}
            rows={7}
            lang={draft.lang}
            value={draft.text}
            onChange={(event) => changeDraft({ text: event.currentTarget.value })}
          />
        )}
      </Field>
      <div className={css.columns}>
        <Field at="lang" label={t`Language of the text`} error={at('lang')}>
          {(control) => (
            <select
              {...control}
              value={draft.lang}
              onChange={(event) => changeDraft({ lang: event.currentTarget.value })}
            >
              {reportLanguages.map((code) => (
                <option key={code} value={code}>
                  {languageName(code)}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field at="purpose" label={t`Purpose`} error={at('purpose')}>
          {(control) => (
            <select
              {...control}
              value={draft.purpose}
              onChange={(event) => changeDraft({ purpose: event.currentTarget.value })}
            >
              <option value="">{t`Choose`}</option>
              {purposes.map((code) => (
                <option key={code} value={code}>
                  {word('purpose', code)}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field at="offence" label={t`Offence (if any)`} error={at('offence')}>
          {(control) => (
            <input
              {...control}
              type="text"
              maxLength={64}
              value={draft.offence}
              onChange={(event) => changeDraft({ offence: event.currentTarget.value })}
            />
          )}
        </Field>
      </div>
      <Part at="urgency" legend={t`Urgency`} error={at('urgency')}>
        <div className="choices">
          {urgencies.map((code) => (
            <label key={code} className="choice">
              <input
                type="radio"
                name="urgency"
                checked={draft.urgency === code}
                onChange={() => changeDraft({ urgency: code })}
              />
              <span>{word('urgency', code)}</span>
            </label>
          ))}
        </div>
      </Part>
      <section className={css.card} aria-label={t`Marking and grade`}>
        <h2>
          <Trans>Marking and grade</Trans>
        </h2>
        <QuickEntryField marking={draft.marking} grade={draft.grade} onChange={changeDraft} />
        <div className={css.two}>
          <MarkingPicker
            value={draft.marking}
            nations={nations}
            error={at('marking')}
            onChange={(marking) => changeDraft({ marking })}
          />
          <GradePicker value={draft.grade} error={at('grade')} onChange={(grade) => changeDraft({ grade })} />
        </div>
      </section>
      <StatementsEditor
        statements={draft.statements}
        faults={faults}
        nations={nations}
        onChange={(statements) => changeDraft({ statements })}
      />
    </>
  );
}

interface FieldProps {
  at: string;
  label: string;
  error: string | undefined;
  /** Draws the control with what ties it to its label and its error. */
  children: (control: { id: string; 'aria-invalid': boolean; 'aria-describedby': string | undefined }) => ReactNode;
}

/** A label, its field, and below it what the bureau would refuse. */
function Field({ at, label, error, children }: FieldProps) {
  const id = useId();
  const isWrong = error !== undefined;
  return (
    <div className={css.field} data-at={at} data-wrong={isWrong}>
      <label htmlFor={id}>{label}</label>
      {children({ id, 'aria-invalid': isWrong, 'aria-describedby': isWrong ? `${id}-error` : undefined })}
      {isWrong && (
        <p id={`${id}-error`} className={css.error} role="alert">
          {error}
        </p>
      )}
    </div>
  );
}

interface PartProps {
  at: string;
  legend: string;
  error: string | undefined;
  children: ReactNode;
}

function Part({ at, legend, error, children }: PartProps) {
  return (
    <fieldset className={css.field} data-at={at} data-wrong={error !== undefined}>
      <legend>{legend}</legend>
      {children}
      {error !== undefined && (
        <p className={css.error} role="alert">
          {error}
        </p>
      )}
    </fieldset>
  );
}
