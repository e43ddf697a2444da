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
