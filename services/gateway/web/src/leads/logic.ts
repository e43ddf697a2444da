// What the inbox knows of leads without asking anybody: names, order, time that is left.
import { type Lead, LeadStatus } from '../gen/baton/v1/leads_pb';
import { type Notification, NotificationClass } from '../gen/baton/v1/notifications_pb';
import { msOf, personName } from '../i18n/format';
import type { Queue } from './search';

const AMBER = 0.25;
const LATE_SOON_MS = 15 * 60_000;

export const leadName = (lead: Lead) =>
  personName(lead) || lead.company || lead.email || lead.phone || lead.mobilePhone || lead.website || '?';

export const isWaiting = (lead: Lead) => lead.status === LeadStatus.ASSIGNED;

const dueOf = (lead: Lead) => (isWaiting(lead) ? msOf(lead.responseDueAt) : NaN);

// Accepted, and nothing has come of it yet.
export const isInWork = (lead: Lead) => lead.status === LeadStatus.WORKING;

export interface Countdown {
  left: number;
  // Of the time there was, from 1 down to 0.
  part: number;
  state: 'calm' | 'amber' | 'late';
}

// The server said until when; here it is only counted down. `since`: when it came to its holder.
export function countdown(lead: Lead, now: number, since?: number): Countdown | undefined {
  const due = dueOf(lead);
  if (Number.isNaN(due)) return undefined;
  const left = due - now;
  const start = Math.min(since ?? msOf(lead.updatedAt ?? lead.receivedAt), due - 1);
  const part = Math.max(0, Math.min(1, left / (due - start)));
  return { left, part, state: left <= 0 ? 'late' : lead.reminded || part < AMBER ? 'amber' : 'calm' };
}

// "29:59", "3:05 h", "3 d"; what is over has a minus.
export function remaining(ms: number): string {
  const s = Math.floor(Math.abs(ms) / 1000);
  const minutes = Math.floor(s / 60);
  const hours = Math.floor(minutes / 60);
  const two = (n: number) => String(n).padStart(2, '0');
  const text = hours >= 48 ? `${Math.floor(hours / 24)} d` : hours >= 1 ? `${hours}:${two(minutes % 60)} h` : `${two(minutes)}:${two(s % 60)}`;
  return ms < 0 ? `−${text}` : text;
}

// By deadline; what has none comes behind, the newest first.
const placeOf = (lead: Lead) => dueOf(lead) || Infinity;
export function byDeadline(a: Lead, b: Lead, x = placeOf(a), y = placeOf(b)): number {
  if (x !== y) return x < y ? -1 : 1;
  const isOlder = a.id < b.id ? -1 : 1;
  return x === Infinity ? -isOlder : isOlder;
}

const IN: { [queue in Queue]: (lead: Lead, me: string, now: number) => boolean } = {
  mine: (lead, me) => lead.ownerId === me && !lead.queueId,
  team: (lead) => !lead.queueId,
  unassigned: (lead) => lead.queueId !== '',
  breaching: (lead, _, now) => dueOf(lead) - now < LATE_SOON_MS,
};

export const whatIsIn = (leads: Lead[], queue: Queue, me: string, now: number) => leads.filter((lead) => IN[queue](lead, me, now));

// In order; the deadline of each is looked at once, for there may be thousands.
export function inQueue(leads: Lead[], queue: Queue, me: string, now: number): Lead[] {
  const placed = whatIsIn(leads, queue, me, now).map((lead) => ({ lead, at: placeOf(lead) }));
  return placed.sort((a, b) => byDeadline(a.lead, b.lead, a.at, b.at)).map(({ lead }) => lead);
}

// Their text says why a lead is where it is.
const WHY = [NotificationClass.LEAD_ASSIGNED, NotificationClass.LEAD_REASSIGNED, NotificationClass.LEAD_MERGED];

export interface Told {
  reason?: string;
  since?: number;
  unseen: string[];
}

// What notifications (the newest first) say of each lead.
export function toldOf(list: Notification[]): Map<string, Told> {
  const told = new Map<string, Told>();
  for (const n of list) {
    if (!n.leadId) continue;
    const of = told.get(n.leadId) ?? { unseen: [] };
    if (WHY.includes(n.class) && of.reason === undefined) [of.reason, of.since] = [n.text, msOf(n.createdAt)];
    if (!n.seenAt) of.unseen.push(n.id);
    told.set(n.leadId, of);
  }
  return told;
}

// What the name does not say yet.
export function leadFacts(lead: Lead): string[] {
  const city = [lead.address?.city, lead.address?.country].filter(Boolean).join(', ');
  return [lead.company, lead.productInterest, city].filter((text) => text && text !== leadName(lead)) as string[];
}

// A lead that waited for me and is gone went to somebody else: it is still said for a moment.
export function whoLeft(before: Lead[], after: Lead[], me: string, mine: Set<string>): Lead[] {
  const there = new Set(after.filter((lead) => lead.ownerId === me).map((lead) => lead.id));
  return before.filter((lead) => lead.ownerId === me && isWaiting(lead) && !there.has(lead.id) && !mine.has(lead.id));
}

// `last_name` as lastName, with the text where it belongs: { address: { city: text } }.
export function putField(target: { [name: string]: unknown }, field: string, value: unknown) {
  const path = field.replace(/_(.)/g, (_, c: string) => c.toUpperCase()).split('.');
  const last = path.pop() as string;
  let at = target;
  for (const name of path) at = (at[name] ??= {}) as { [name: string]: unknown };
  at[last] = value;
}
