/** The key that does the same as the button it stands in. Screen readers learn it from aria-keyshortcuts instead. */
export function Keycap({ children }: { children: string }) {
  return (
    <span className="keycap" aria-hidden="true">
      {children}
    </span>
  );
}
