/** The payload one nation receives: every field by name, and on demand the text byte for byte. */
import { Trans, useLingui } from '@lingui/react/macro';
import { Fragment } from 'react';
import { Scrolled } from '../../ui/scrolled.tsx';
import { leaves } from './difference.ts';
import css from './what-leaves.module.css';

export function Payload({ text }: { text: string }) {
  const { t } = useLingui();
  const rows = [...leaves(text)];
  return (
    <div className={css.payload}>
      <Scrolled label={t`Fields that leave`} className={css.tableFrame}>
        <table>
          <thead>
            <tr>
              <th scope="col">
                <Trans>Field</Trans>
              </th>
              <th scope="col">
                <Trans>Content</Trans>
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map(([at, value]) => (
              <tr key={at}>
                <th scope="row" className="mono">
                  <Path at={at} />
                </th>
                <td>{value === '' ? '–' : value}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scrolled>
      <details>
        <summary>
          <Trans>The exact text, byte for byte</Trans>
        </summary>
        <Scrolled label={t`The exact text, byte for byte`} className={css.exact}>
          {text}
        </Scrolled>
      </details>
    </div>
  );
}

/** May be broken before each dot and nowhere else. */
function Path({ at }: { at: string }) {
  return at.split('.').map((part, place) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a path's parts are never moved
    <Fragment key={place}>
      {place > 0 && <wbr />}
      {place > 0 ? `.${part}` : part}
    </Fragment>
  ));
}
