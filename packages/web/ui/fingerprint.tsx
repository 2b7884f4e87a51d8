/** A key fingerprint or hash in groups of four, so that two officers can compare it by voice. */
export const groupsOfFour = (text: string): string[] => text.replace(/\s+/g, '').match(/.{1,4}/g) ?? [];

export function Fingerprint({ text, whole = false }: { text: string; whole?: boolean }) {
  const groups = groupsOfFour(text);
  const shown = whole || groups.length <= 8 ? groups : groups.slice(0, 4);
  return (
    <span className="mono" title={groups.join(' ')}>
      {shown.join(' ')}
      {shown.length < groups.length && ' …'}
    </span>
  );
}
