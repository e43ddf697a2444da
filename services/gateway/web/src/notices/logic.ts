// What somebody was told, by what it is about.
import { type Notification, NotificationActionKind } from '../gen/baton/v1/notifications_pb';

export type Shown = 'unread' | 'all' | 'urgent';

export const waits = (n: Notification) => n.mustAcknowledge && !n.acknowledgedAt;
export const isNew = (n: Notification) => !n.seenAt || waits(n);

export const canAccept = (n: Notification) => n.leadId !== '' && n.openLeadId !== '' && n.actions.some((a) => a.kind === NotificationActionKind.ACCEPT);

export const shownOf = (list: Notification[], shown: Shown) =>
  list.filter((n) => shown === 'all' || (shown === 'urgent' ? waits(n) : isNew(n)));

// The newest of each thing first, with what was said of it before.
export function byThing(list: Notification[]): Notification[][] {
  const things = new Map<string, Notification[]>();
  for (const n of list) {
    const key = n.leadId || n.activityId || n.noteId || n.id;
    things.set(key, [...(things.get(key) ?? []), n]);
  }
  return [...things.values()];
}
