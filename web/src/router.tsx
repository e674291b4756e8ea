import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
} from '@tanstack/react-router';
import { oncallSearch } from './features/oncall/search';
import { Broken } from './shell/Broken';
import { NotFound } from './shell/NotFound';
import { Shell } from './shell/Shell';

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound });

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (search: Record<string, unknown>): { next?: string } => ({
    next: typeof search.next === 'string' ? search.next : undefined,
  }),
  component: lazyRouteComponent(() => import('./features/session/SignIn'), 'SignIn'),
});

const setUp = createRoute({
  getParentRoute: () => root,
  path: '/set-up',
  component: lazyRouteComponent(() => import('./features/session/FirstRun'), 'FirstRun'),
});

const shell = createRoute({ getParentRoute: () => root, id: 'shell', component: Shell });

const board = createRoute({
  getParentRoute: () => shell,
  path: '/',
  component: lazyRouteComponent(() => import('./features/board/BoardPage'), 'BoardPage'),
});

const alerts = createRoute({
  getParentRoute: () => shell,
  path: '/alerts',
  validateSearch: (search: Record<string, unknown>): { integration?: string; status?: string } => ({
    integration: typeof search.integration === 'string' ? search.integration : undefined,
    status: typeof search.status === 'string' ? search.status : undefined,
  }),
  component: lazyRouteComponent(() => import('./features/alert/AlertsPage'), 'AlertsPage'),
});

const alert = createRoute({
  getParentRoute: () => shell,
  path: '/alerts/$id',
  component: lazyRouteComponent(() => import('./features/alert/AlertPage'), 'AlertPage'),
});

const quiet = createRoute({
  getParentRoute: () => shell,
  path: '/quiet',
  component: lazyRouteComponent(() => import('./features/quiet/QuietPage'), 'QuietPage'),
});

const incidents = createRoute({
  getParentRoute: () => shell,
  path: '/incidents',
  component: lazyRouteComponent(() => import('./features/incident/IncidentsPage'), 'IncidentsPage'),
});

const incident = createRoute({
  getParentRoute: () => shell,
  path: '/incidents/$ref',
  component: lazyRouteComponent(() => import('./features/incident/IncidentPage'), 'IncidentPage'),
});

const oncall = createRoute({
  getParentRoute: () => shell,
  path: '/oncall',
  validateSearch: oncallSearch,
  component: lazyRouteComponent(() => import('./features/oncall/OncallPage'), 'OncallPage'),
});

const whatIf = createRoute({
  getParentRoute: () => shell,
  path: '/whatif',
  validateSearch: (search: Record<string, unknown>): { at?: number } => ({
    at: typeof search.at === 'number' && Number.isFinite(search.at) ? search.at : undefined,
  }),
  component: lazyRouteComponent(() => import('./features/whatif/WhatIfPage'), 'WhatIfPage'),
});

const load = createRoute({
  getParentRoute: () => shell,
  path: '/load',
  component: lazyRouteComponent(() => import('./features/load/LoadPage'), 'LoadPage'),
});

const me = createRoute({
  getParentRoute: () => shell,
  path: '/me',
  component: lazyRouteComponent(() => import('./features/me/MePage'), 'MePage'),
});

const policy = createRoute({
  getParentRoute: () => shell,
  path: '/policy',
  validateSearch: (search: Record<string, unknown>): { kind?: string; id?: string; version?: number } => ({
    kind: typeof search.kind === 'string' ? search.kind : undefined,
    id: typeof search.id === 'string' ? search.id : undefined,
    version: typeof search.version === 'number' ? search.version : undefined,
  }),
  component: lazyRouteComponent(() => import('./features/policy/PolicyPage'), 'PolicyPage'),
});

const roster = createRoute({
  getParentRoute: () => shell,
  path: '/oncall/schedules/$id',
  component: lazyRouteComponent(() => import('./features/roster/RosterPage'), 'RosterPage'),
});

const integrations = createRoute({
  getParentRoute: () => shell,
  path: '/integrations',
  validateSearch: (search: Record<string, unknown>): { open?: string; tab?: 'signals' } => ({
    open: typeof search.open === 'string' ? search.open : undefined,
    tab: search.tab === 'signals' ? 'signals' : undefined,
  }),
  component: lazyRouteComponent(() => import('./features/integration/IntegrationsPage'), 'IntegrationsPage'),
});

const mailbox = createRoute({
  getParentRoute: () => shell,
  path: '/mailbox',
  component: lazyRouteComponent(() => import('./features/mailbox/MailboxPage'), 'MailboxPage'),
});

const journal = createRoute({
  getParentRoute: () => shell,
  path: '/journal',
  component: lazyRouteComponent(() => import('./features/journal/JournalPage'), 'JournalPage'),
});

const tree = root.addChildren([
  signIn,
  setUp,
  shell.addChildren([
    board,
    alerts,
    alert,
    quiet,
    incidents,
    incident,
    oncall,
    me,
    whatIf,
    load,
    policy,
    roster,
    integrations,
    mailbox,
    journal,
  ]),
]);

export const router = createRouter({
  routeTree: tree,
  defaultPreload: 'intent',
  defaultErrorComponent: Broken,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
