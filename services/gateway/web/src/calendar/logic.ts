// Occurrences as the calendar shows them: in the clocks of whoever looks.
import type { ScheduleEventData } from '@mantine/schedule';
import { ActivityKind, ActivityStatus, type Occurrence } from '../gen/baton/v1/contacts_pb';
import { msOf } from '../i18n/format';
import type { View } from './search';

const DAY_MS = 86_400_000;
const SHORTEST_MS = 30 * 60_000;
const AROUND: { [view in View]: [number, number] } = { day: [1, 2], week: [8, 9], month: [38, 39] };

// As many days around a date as any view of it shows.
export function rangeOf(date: string, view: View): [number, number] {
  const at = new Date(`${date}T00:00:00`).getTime();
  const [before, after] = AROUND[view];
  return [at - before * DAY_MS, at + after * DAY_MS];
}

const two = (n: number) => String(n).padStart(2, '0');
export const dayText = (ms: number) => {
  const d = new Date(ms);
  return `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())}`;
};
export const localText = (ms: number) => {
  const d = new Date(ms);
  return `${dayText(ms)} ${two(d.getHours())}:${two(d.getMinutes())}:${two(d.getSeconds())}`;
};
export const msOfLocal = (text: string) => new Date(text.replace(' ', 'T')).getTime();

const COLOR: { [kind: number]: string } = { [ActivityKind.TASK]: 'yellow', [ActivityKind.CALL]: 'blue', [ActivityKind.EMAIL]: 'grape', [ActivityKind.MEETING]: 'baton' };

export const keyOf = (o: Occurrence) => `${o.activityId}@${msOf(o.startAt)}`;

// What is over stands back; what has no end is shown for half an hour; whole days by their dates.
export function eventOf(o: Occurrence, busy: string): ScheduleEventData {
  const start = msOf(o.startAt);
  const end = Math.max(msOf(o.endAt) || 0, start + SHORTEST_MS);
  const isOver = o.status === ActivityStatus.DONE || o.status === ActivityStatus.CANCELED;
  const isWhole = o.startLocal.length === 10;
  const days = Math.max(1, Math.round((end - start) / DAY_MS));
  return {
    id: keyOf(o), title: o.subject || busy, color: isOver ? 'gray' : (COLOR[o.kind] ?? 'gray'),
    start: isWhole ? `${o.startLocal} 00:00:00` : localText(start),
    end: isWhole ? `${dayText(new Date(`${o.startLocal}T12:00:00`).getTime() + days * DAY_MS)} 00:00:00` : localText(end),
    payload: { occurrence: o, canMove: Boolean(o.subject) && !o.repeats && !o.startLocal },
  };
}
