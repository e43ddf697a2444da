// Times of day as minutes, and choices as the server keeps them.
import { Channel, type NotificationClass, type NotificationPreferences, type NotificationRoute } from '../gen/baton/v1/notifications_pb';

export const minutesOf = (text: string) => text.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
export const clockOf = (minutes: number) => `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;

// Those there are for somebody: push and mail always, others where something goes by them.
export function channelsOf(routes: NotificationRoute[], choices: { channel: Channel }[]): Channel[] {
  const used = new Set([Channel.PUSH, Channel.MAIL, ...routes.flatMap((r) => r.channels), ...choices.map((c) => c.channel)]);
  return [Channel.PUSH, Channel.MAIL, Channel.WEBHOOK, Channel.MQTT, Channel.TEMPLATE].filter((c) => used.has(c));
}

type Choice = NotificationPreferences['choices'][number];

export function chosen(choices: Choice[], klass: NotificationClass, channel: Channel, on: boolean): Pick<Choice, 'class' | 'channel' | 'on'>[] {
  return [...choices.filter((c) => c.class !== klass || c.channel !== channel), { class: klass, channel, on }];
}

// Whether something of this class goes by it: as was chosen, or as the server says.
export const isOn = (route: NotificationRoute, choices: Choice[], channel: Channel) =>
  choices.find((c) => c.class === route.class && c.channel === channel)?.on ?? route.channels.includes(channel);

export const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7];

export interface Interval {
  weekday: number;
  startMinute: number;
  endMinute: number;
}

// "09:00–12:00, 13:00–17:00" of one day of the week; a day without any is free.
export const hoursText = (hours: Interval[], weekday: number) => hours.filter((h) => h.weekday === weekday).sort((a, b) => a.startMinute - b.startMinute)
  .map((h) => `${clockOf(h.startMinute)}–${clockOf(h.endMinute)}`).join(', ');

const SPAN = /^(\d{1,2})(?:[:.](\d{2}))?\s*[-–~]\s*(\d{1,2})(?:[:.](\d{2}))?$/;

// null: that is no hours.
export function hoursOf(text: string, weekday: number): Interval[] | null {
  const spans = text.split(/[,;、，]/).map((s) => s.trim()).filter(Boolean);
  const found = spans.map((span) => {
    const [, fromHour, from = '0', toHour, to = '0'] = SPAN.exec(span) ?? [];
    return { weekday, startMinute: Number(fromHour) * 60 + Number(from), endMinute: Number(toHour) * 60 + Number(to), isRight: Number(from) < 60 && Number(to) < 60 };
  });
  if (found.some((h) => !h.isRight || !(h.startMinute < h.endMinute) || h.endMinute > 1440)) return null;
  return found.map(({ isRight: _, ...h }) => h);
}
