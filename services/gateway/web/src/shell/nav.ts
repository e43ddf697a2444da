// The ways through the application; the rail, the bottom bar, the palette and the keys read this.
import type { IconName } from '../ui/icons';
import type { Me } from './me';

export interface Way {
  to: '/leads';
  icon: IconName;
  label: string;
  keys: string;
  // Stands in the bottom bar of a phone.
  isMain?: boolean;
  isFor?: (me: Me) => boolean;
}

export const WAYS: Way[] = [{ to: '/leads', icon: 'inbox', label: 'nav.leads', keys: 'g l', isMain: true }];
