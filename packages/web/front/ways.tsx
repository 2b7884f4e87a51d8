/** A table of all ways between the bureaus with the latest signed delivery time of each. */
import { Trans, useLingui } from '@lingui/react/macro';
import { durationText, nationName } from '../format/index.ts';
import { Scrolled } from '../ui/scrolled.tsx';
import css from './front-page.module.css';
import type { Scene } from './story.ts';

export function Ways({ scene }: { scene: Scene }) {
  const { t } = useLingui();
  const nations = scene.bureaus.map((bureau) => bureau.nation);
  if (nations.length === 0) return null;
  return (
    <section className={css.ways}>
      <h2>
        <Trans>From filing to the other nation's signature</Trans>
      </h2>
      <Scrolled label={t`From filing to the other nation's signature`} className={css.waysFrame}>
        <table>
          <thead>
            <tr>
              <th scope="col">
                <Trans>from ↓ to →</Trans>
              </th>
              {nations.map((to) => (
                <th key={to} scope="col" title={nationName(to)}>
                  <span className="nation">{to}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {nations.map((from) => (
              <tr key={from}>
                <th scope="row">
                  <span className="nation">{from}</span> <span className={css.wayName}>{nationName(from)}</span>
                </th>
                {nations.map((to) => (
                  <Way
                    key={to}
                    elapsedMs={from === to ? undefined : (scene.ways.get(`${from}>${to}`)?.elapsedMs ?? null)}
                    at={scene.ways.get(`${from}>${to}`)?.at}
                  />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Scrolled>
    </section>
  );
}

/** undefined: a bureau sends nothing to itself; null: nothing yet. */
function Way({ elapsedMs, at }: { elapsedMs: number | null | undefined; at: string | undefined }) {
  if (elapsedMs === undefined) return <td className={css.self} />;
  if (elapsedMs === null) return <td className="quiet">–</td>;
  return (
    <td>
      <span key={at} className={css.fresh}>
        {durationText(elapsedMs)}
      </span>
    </td>
  );
}
