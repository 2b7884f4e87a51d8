/**
 * The screens and their addresses. An address holds an opaque id at most, never a value, a title or a search.
 * All screens come with the console: one fetched on demand could not open on a dead line, and a browser that failed to
 * fetch it once fails until the page is loaded again, with the draft in it.
 */
import { createRootRoute, createRoute, createRouter, type ErrorComponentProps } from '@tanstack/react-router';
import { Admin } from './desks/admin/admin.tsx';
import { Compose } from './desks/reports/compose.tsx';
import { Inbox } from './desks/reports/inbox.tsx';
import { ReportPage } from './desks/reports/report-page.tsx';
import { useSession } from './ui/session.ts';
import { Shell } from './ui/shell.tsx';
import { NotFound, Refusal } from './ui/states.tsx';

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound });
/** The inbox is home; for a role that reads no reports the bureau's own desk is. */
function Home() {
  const { session } = useSession();
  return session.mayReadReports ? <Inbox key="received" box="received" /> : <Admin />;
}

const inbox = createRoute({ getParentRoute: () => root, path: '/', component: Home });
const sent = createRoute({
  getParentRoute: () => root,
  path: '/sent',
  component: () => <Inbox key="sent" box="sent" />,
});
const compose = createRoute({
  getParentRoute: () => root,
  path: '/compose',
  component: Compose,
});
const report = createRoute({
  getParentRoute: () => root,
  path: '/reports/$id',
  component: ReportPage,
});
const admin = createRoute({
  getParentRoute: () => root,
  path: '/admin',
  component: Admin,
});

/** A mistake of ours in one screen leaves the frame and the other screens standing. */
function Broken({ error, reset }: ErrorComponentProps) {
  return <Refusal error={error} again={reset} />;
}

export const makeRouter = () =>
  createRouter({
    routeTree: root.addChildren([inbox, sent, compose, report, admin]),
    defaultPreload: false,
    defaultErrorComponent: Broken,
  });

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
