import { nationName } from '../format/index.ts';

/** A nation as its code in a small plate and, unless told otherwise, its name. Never a flag: flags differ in nothing but colour. */
export function Nation({ code, name = true }: { code: string; name?: boolean }) {
  return (
    <span title={nationName(code)}>
      <span className="nation" aria-hidden={name}>
        {code}
      </span>
      {name ? <> {nationName(code)}</> : <span className="only-heard"> {nationName(code)}</span>}
    </span>
  );
}
