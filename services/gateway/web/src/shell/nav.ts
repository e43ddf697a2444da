// The ways through the application; the rail, the bottom bar, the palette and the keys read this.
import { Role } from '../gen/baton/v1/options_pb';
import type { IconName } from '../ui/icons';
import type { Me } from './me';

export interface Way {
  to: '/leads' | '/pipeline' | '/forecast' | '/dashboards' | '/demand' | '/plans' | '/documents' | '/collateral' | '/contacts' | '/accounts' | '/calendar' | '/imports' | '/quality' | '/catalogue' | '/routing' | '/notifications' | '/settings' | '/admin';
  icon: IconName;
  label: string;
  keys: string;
  // Stands in the bottom bar of a phone.
  isMain?: boolean;
  // Stands behind "More" beside the pages.
  isSeldom?: boolean;
  isFor?: (me: Me) => boolean;
}

// Partners see what they brought, and no lists of others.
const isStaff = (me: Me) => me.user.role !== Role.PARTNER;

export const WAYS: Way[] = [
  { to: '/leads', icon: 'inbox', label: 'nav.leads', keys: 'g l', isMain: true },
  { to: '/pipeline', icon: 'pipeline', label: 'nav.pipeline', keys: 'g p', isMain: true },
  { to: '/forecast', icon: 'forecast', label: 'nav.forecast', keys: 'g f', isFor: isStaff },
  { to: '/contacts', icon: 'people', label: 'kinds.contact', keys: 'g c', isMain: true, isFor: isStaff },
  { to: '/accounts', icon: 'building', label: 'kinds.account', keys: 'g a', isFor: isStaff },
  { to: '/calendar', icon: 'calendar', label: 'nav.calendar', keys: 'g k', isMain: true, isFor: isStaff },
  { to: '/dashboards', icon: 'columns', label: 'nav.dashboards', keys: 'g b', isFor: isStaff },
  { to: '/demand', icon: 'boxes', label: 'nav.demand', keys: 'g m', isSeldom: true, isFor: (me) => me.isLead },
  { to: '/plans', icon: 'task', label: 'nav.plans', keys: 'g t', isFor: isStaff },
  { to: '/documents', icon: 'note', label: 'nav.documents', keys: 'g o', isFor: isStaff },
  { to: '/collateral', icon: 'archive', label: 'nav.collateral', keys: 'g w', isFor: isStaff },
  { to: '/imports', icon: 'upload', label: 'nav.imports', keys: 'g i', isSeldom: true, isFor: isStaff },
  { to: '/quality', icon: 'check', label: 'nav.quality', keys: 'g u', isSeldom: true, isFor: isStaff },
  { to: '/catalogue', icon: 'tag', label: 'nav.catalogue', keys: 'g e', isFor: isStaff },
  { to: '/routing', icon: 'route', label: 'nav.routing', keys: 'g r', isSeldom: true, isFor: (me) => me.isLead },
  { to: '/notifications', icon: 'bell', label: 'nav.notices', keys: 'g n', isSeldom: true },
  { to: '/settings', icon: 'settings', label: 'nav.settings', keys: 'g s' },
  { to: '/admin', icon: 'shield', label: 'nav.admin', keys: 'g d', isSeldom: true, isFor: (me) => me.isAdmin },
];
