// Every address, and the page behind it. Pages are loaded when they are first gone to; what is looked at stands in the address.
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { checkAdminSearch } from './admin/search';
import { checkCalendarSearch } from './calendar/search';
import { checkCatalogueSearch } from './catalogue/search';
import { checkCollateralSearch } from './collateral/search';
import { checkListSearch } from './customers/search';
import { checkBoardSearch } from './dashboards/search';
import { checkDemandSearch } from './demand/search';
import { checkDocumentSearch, checkDocumentsSearch } from './documents/search';
import { checkForecastSearch } from './forecast/search';
import { checkLeadSearch } from './leads/search';
import { checkDealSearch } from './opportunities/search';
import { checkPlansSearch } from './plans/search';
import { checkQualitySearch } from './quality/search';
import { checkRoutingSearch } from './routing/search';
import { NotFound, Root, Wrong } from './shell/root';

const root = createRootRoute({ component: Root, notFoundComponent: NotFound });

// "#lead=ID" is how pushes and mails lead here.
const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: ({ location }) => {
    const lead = new URLSearchParams(location.hash).get('lead') ?? undefined;
    throw redirect({ to: '/leads', search: { lead }, replace: true });
  },
});

const setup = createRoute({ getParentRoute: () => root, path: '/setup', component: lazyRouteComponent(() => import('./door/setup'), 'SetUp') });

const leads = createRoute({
  getParentRoute: () => root,
  path: '/leads',
  validateSearch: checkLeadSearch,
  component: lazyRouteComponent(() => import('./leads/page'), 'LeadsPage'),
});

const accounts = createRoute({
  getParentRoute: () => root,
  path: '/accounts',
  validateSearch: checkListSearch,
  component: lazyRouteComponent(() => import('./accounts/page'), 'AccountsPage'),
});

const account = createRoute({ getParentRoute: () => root, path: '/accounts/$id', component: lazyRouteComponent(() => import('./accounts/page'), 'AccountPage') });

const keyAccount = createRoute({ getParentRoute: () => root, path: '/accounts/$id/key', component: lazyRouteComponent(() => import('./accounts/key'), 'KeyAccountPage') });

const contacts = createRoute({
  getParentRoute: () => root,
  path: '/contacts',
  validateSearch: checkListSearch,
  component: lazyRouteComponent(() => import('./contacts/page'), 'ContactsPage'),
});

const contact = createRoute({ getParentRoute: () => root, path: '/contacts/$id', component: lazyRouteComponent(() => import('./contacts/page'), 'ContactPage') });

const calendar = createRoute({
  getParentRoute: () => root,
  path: '/calendar',
  validateSearch: checkCalendarSearch,
  component: lazyRouteComponent(() => import('./calendar/page'), 'CalendarPage'),
});

const admin = createRoute({ getParentRoute: () => root, path: '/admin', validateSearch: checkAdminSearch, component: lazyRouteComponent(() => import('./admin/page'), 'AdminPage') });

const notices = createRoute({ getParentRoute: () => root, path: '/notifications', component: lazyRouteComponent(() => import('./notices/page'), 'NoticesPage') });

const imports = createRoute({ getParentRoute: () => root, path: '/imports', component: lazyRouteComponent(() => import('./imports/page'), 'ImportsPage') });

const quality = createRoute({
  getParentRoute: () => root,
  path: '/quality',
  validateSearch: checkQualitySearch,
  component: lazyRouteComponent(() => import('./quality/page'), 'QualityPage'),
});

const mySettings = createRoute({ getParentRoute: () => root, path: '/settings', component: lazyRouteComponent(() => import('./settings/page'), 'SettingsPage') });

const pipeline = createRoute({
  getParentRoute: () => root,
  path: '/pipeline',
  validateSearch: checkDealSearch,
  component: lazyRouteComponent(() => import('./opportunities/page'), 'PipelinePage'),
});

const forecast = createRoute({
  getParentRoute: () => root,
  path: '/forecast',
  validateSearch: checkForecastSearch,
  component: lazyRouteComponent(() => import('./forecast/page'), 'ForecastPage'),
});

const documents = createRoute({
  getParentRoute: () => root,
  path: '/documents',
  validateSearch: checkDocumentsSearch,
  component: lazyRouteComponent(() => import('./documents/page'), 'DocumentsPage'),
});

const document = createRoute({
  getParentRoute: () => root,
  path: '/documents/$id',
  validateSearch: checkDocumentSearch,
  component: lazyRouteComponent(() => import('./documents/document'), 'DocumentPage'),
});

const collateral = createRoute({
  getParentRoute: () => root,
  path: '/collateral',
  validateSearch: checkCollateralSearch,
  component: lazyRouteComponent(() => import('./collateral/page'), 'CollateralPage'),
});

const dashboards = createRoute({
  getParentRoute: () => root,
  path: '/dashboards',
  validateSearch: checkBoardSearch,
  component: lazyRouteComponent(() => import('./dashboards/page'), 'DashboardsPage'),
});

const demand = createRoute({
  getParentRoute: () => root,
  path: '/demand',
  validateSearch: checkDemandSearch,
  component: lazyRouteComponent(() => import('./demand/page'), 'DemandPage'),
});

const plans = createRoute({
  getParentRoute: () => root,
  path: '/plans',
  validateSearch: checkPlansSearch,
  component: lazyRouteComponent(() => import('./plans/page'), 'PlansPage'),
});

const catalogue = createRoute({
  getParentRoute: () => root,
  path: '/catalogue',
  validateSearch: checkCatalogueSearch,
  component: lazyRouteComponent(() => import('./catalogue/page'), 'CataloguePage'),
});

const routing = createRoute({
  getParentRoute: () => root,
  path: '/routing',
  validateSearch: checkRoutingSearch,
  component: lazyRouteComponent(() => import('./routing/page'), 'RoutingPage'),
});

const quote = createRoute({ getParentRoute: () => root, path: '/quote/$id', component: lazyRouteComponent(() => import('./quotes/page'), 'QuotePage') });

const deal = createRoute({ getParentRoute: () => root, path: '/pipeline/$id', component: lazyRouteComponent(() => import('./opportunities/deal'), 'DealPage') });

export const router = createRouter({
  routeTree: root.addChildren([home, setup, leads, accounts, account, keyAccount, contacts, contact, calendar, admin, notices, imports, quality, mySettings, pipeline, forecast, documents, document, collateral, dashboards, demand, plans, catalogue, routing, quote, deal]),
  basepath: import.meta.env.BASE_URL,
  defaultPreload: 'intent',
  defaultErrorComponent: Wrong,
  scrollRestoration: false,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
