import type { ReactNode } from 'react';

/** A part that scrolls by itself and can therefore be reached and scrolled by keyboard. */
export function Scrolled({ label, className, children }: { label: string; className?: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable without a mouse (WCAG 2.1.1)
    <section aria-label={label} className={className} tabIndex={0}>
      {children}
    </section>
  );
}
