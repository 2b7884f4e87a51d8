/** Six bureaus side by side, the time every report takes between them, and the switch of the invented story. */
import { Trans, useLingui } from '@lingui/react/macro';
import { clockText, durationText, listText, nationName, numberText } from '../format/index.ts';
import { Icon } from '../ui/icon.tsx';
import { LanguageRow } from '../ui/language-row.tsx';
import { LookRow } from '../ui/look-row.tsx';
import { Loading, Refusal } from '../ui/states.tsx';
import css from './front-page.module.css';
import { type Bureau, type Delivery, medianMs, type Scene } from './story.ts';
import { useScene } from './use-scene.ts';
import { Ways } from './ways.tsx';

export function FrontPage() {
  const { scene, error, feed, read, run } = useScene();
  const names = listText(scene.bureaus.map((bureau) => nationName(bureau.nation)));
  return (
    <div className={css.page}>
      <header className={css.head}>
        <div className={css.name}>
          <img src="/mark.svg" alt="" width="44" height="44" />
          <div>
            <h1>Tripoint</h1>
            <p>
              <Trans>Sovereign bureaus that share intelligence, sealed between nations and signed for on arrival</Trans>
            </p>
          </div>
        </div>
        <div className={css.settings}>
          <LanguageRow />
          <LookRow />
        </div>
      </header>
      <main className={css.main}>
        <div className={`notice ${css.invented}`} data-tone="warn">
          <Icon name="alert" />
          <p>
            <strong>
              <Trans>Everything here is invented.</Trans>
            </strong>{' '}
            <Trans>
              Officers, cases, cartels and telephone numbers belong to a story. The seals, signatures and times are
              real.
            </Trans>
          </p>
        </div>
        {error !== null && <Refusal error={error} again={() => void read()} />}
        {scene.bureaus.length === 0 && error === null && <Loading rows={6} />}
        <StoryBar scene={scene} live={feed === 'live'} onRun={(running) => void run(running)} />
        <ul className={css.bureaus} aria-label={names}>
          {scene.bureaus.map((bureau) => (
            <li key={bureau.nation}>
              <BureauCard bureau={bureau} />
            </li>
          ))}
        </ul>
        <div className={css.below}>
          <Ways scene={scene} />
          <Recent recent={scene.recent} />
        </div>
      </main>
    </div>
  );
}

interface StoryProps {
  scene: Scene;
  live: boolean;
  onRun: (running: boolean) => void;
}

function StoryBar({ scene, live, onRun }: StoryProps) {
  const { t } = useLingui();
  const { running, step, steps } = scene.story;
  const median = medianMs(scene);
  return (
    <div className={css.story}>
      <button
        type="button"
        role="switch"
        aria-checked={running}
        className={css.switch}
        onClick={() => onRun(!running)}
        disabled={scene.bureaus.length === 0}
      >
        <span className={css.track} aria-hidden="true">
          <span />
        </span>
        <Trans>Let the story run on</Trans>
        <span className={css.switchState}>{running ? t`on` : t`off`}</span>
      </button>
      {steps > 0 && (
        <span className="quiet tabular">
          <Trans>
            Step {step} of {steps}
          </Trans>
        </span>
      )}
      <span className={css.median}>
        {median === null ? (
          <Trans>Nothing has been delivered yet</Trans>
        ) : (
          <>
            <Trans>Signed delivery, median</Trans> <strong className="tabular">{durationText(median)}</strong>
          </>
        )}
      </span>
      <span className={css.live} data-live={live}>
        {live ? t`Live` : t`Connecting`}
      </span>
    </div>
  );
}

function BureauCard({ bureau }: { bureau: Bureau }) {
  const { t } = useLingui();
  const name = nationName(bureau.nation);
  const { links, reports } = bureau;
  return (
    <article className={css.card}>
      <header>
        <span className="nation">{bureau.nation}</span>
        <h2>{name}</h2>
        <span className="badge" data-tone={bureau.ready ? 'good' : 'warn'}>
          <Icon name={bureau.ready ? 'check' : 'clock'} size={12} />
          {bureau.ready ? t`ready` : t`starting`}
        </span>
      </header>
      <dl>
        <div>
          <dt>
            <Trans>Links</Trans>
          </dt>
          <dd className="tabular">{numberText(links)}</dd>
        </div>
        <div>
          <dt>
            <Trans>Reports</Trans>
          </dt>
          <dd className="tabular">{numberText(reports)}</dd>
        </div>
        <div className={css.arrival}>
          <dt>
            <Trans>Last arrival</Trans>
          </dt>
          <dd>
            {bureau.lastArrival === null ? (
              <span className="quiet">–</span>
            ) : (
              <>
                <span className="nation">{bureau.lastArrival.fromNation}</span>{' '}
                <strong key={bureau.lastArrival.at} className={css.fresh}>
                  {durationText(bureau.lastArrival.elapsedMs)}
                </strong>
              </>
            )}
          </dd>
        </div>
      </dl>
      <a className="button" href={bureau.console} aria-label={t`Open the console of ${name}`}>
        <Icon name="open" /> <Trans>Open the console</Trans>
      </a>
    </article>
  );
}

function Recent({ recent }: { recent: Delivery[] }) {
  return (
    <section className={css.recent}>
      <h2>
        <Trans>Latest deliveries</Trans>
      </h2>
      {recent.length === 0 && (
        <p className="quiet">
          <Trans>They appear here as soon as a bureau sends a report.</Trans>
        </p>
      )}
      <ol>
        {recent.map((delivery) => (
          <li key={`${delivery.from}${delivery.to}${delivery.at}`}>
            <time className="quiet tabular" dateTime={delivery.at}>
              {clockText(delivery.at)}
            </time>
            <span className="nation">{delivery.from}</span>
            <span aria-hidden="true">→</span>
            <span className="nation">{delivery.to}</span>
            <span className="quiet">#{delivery.reportNumber}</span>
            <strong className="tabular">{durationText(delivery.elapsedMs)}</strong>
          </li>
        ))}
      </ol>
    </section>
  );
}
