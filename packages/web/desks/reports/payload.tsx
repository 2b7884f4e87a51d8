/** The payload one nation receives: every field by name, and on demand the text byte for byte. */
import { Trans, useLingui } from '@lingui/react/macro';
import { leaves } from './difference.ts';
import css from './what-leaves.module.css';

export function Payload({ text }: { text: string }) {
  const { t } = useLingui();
  const rows = [...leaves(text)];
  return (
    <div className={css.payload}>
      <div className={css.tableFrame} role="region" aria-label={t`Fields that leave`} tabIndex={0}>
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
                  {at}
                </th>
                <td>{value}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <details>
        <summary>
          <Trans>The exact text, byte for byte</Trans>
        </summary>
        <pre className={css.exact} tabIndex={0}>
          {text}
        </pre>
      </details>
    </div>
  );
}
