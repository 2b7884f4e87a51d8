/** The screens and their addresses. An address holds an opaque id at most, never a value, a title or a search. */
import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { Inbox } from './desks/reports/inbox.tsx';
import { useSession } from './ui/session.ts';
import { Shell } from './ui/shell.tsx';
import { NotFound } from './ui/states.tsx';

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound });
const Admin = lazyRouteComponent(() => import('./desks/admin/admin.tsx'));

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
  component: lazyRouteComponent(() => import('./desks/reports/compose.tsx')),
});
const report = createRoute({
  getParentRoute: () => root,
  path: '/reports/$id',
  component: lazyRouteComponent(() => import('./desks/reports/report-page.tsx')),
});
const admin = createRoute({
  getParentRoute: () => root,
  path: '/admin',
  component: Admin,
});

export const makeRouter = () =>
  createRouter({ routeTree: root.addChildren([inbox, sent, compose, report, admin]), defaultPreload: false });

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
