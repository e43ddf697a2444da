import { create } from '@bufbuild/protobuf';
import { expect, test } from 'vitest';
import { Channel, NotificationChoiceSchema, NotificationClass, NotificationRouteSchema } from '../gen/baton/v1/notifications_pb';
import { channelsOf, chosen, clockOf, hoursOf, hoursText, isOn, minutesOf } from './logic';

test('minutes of a day and back', () => {
  expect(['00:00', '07:05', '23:59'].map(minutesOf)).toEqual([0, 425, 1439]);
  expect([0, 425, 1439].map(clockOf)).toEqual(['00:00', '07:05', '23:59']);
});

test('push and mail are for everybody, the others where they are used', () => {
  const route = create(NotificationRouteSchema, { class: NotificationClass.LEAD_ASSIGNED, channels: [Channel.MQTT] });
  expect(channelsOf([route], [])).toEqual([Channel.PUSH, Channel.MAIL, Channel.MQTT]);
});

test('a choice replaces the one before', () => {
  const before = [create(NotificationChoiceSchema, { class: 1, channel: 3, on: true }), create(NotificationChoiceSchema, { class: 1, channel: 1, on: true })];
  expect(chosen(before, 1, 3, false).map(({ class: c, channel, on }) => [c, channel, on])).toEqual([[1, 1, true], [1, 3, false]]);
});

test('what was just chosen shows before the server says the same', () => {
  const route = create(NotificationRouteSchema, { class: 1, channels: [Channel.PUSH] });
  const choices = [create(NotificationChoiceSchema, { class: 1, channel: Channel.MAIL, on: true }), create(NotificationChoiceSchema, { class: 2, channel: Channel.PUSH })];
  expect([Channel.PUSH, Channel.MAIL, Channel.MQTT].map((c) => isOn(route, choices, c))).toEqual([true, true, false]);
});

test('working hours as they are typed', () => {
  const day = [{ weekday: 2, startMinute: 540, endMinute: 720 }, { weekday: 2, startMinute: 780, endMinute: 1440 }];
  expect(hoursText([day[1], day[0], { weekday: 3, startMinute: 0, endMinute: 60 }], 2)).toBe('09:00–12:00, 13:00–24:00');
  expect(hoursOf('09:00–12:00, 13:00–24:00', 2)).toEqual(day);
  expect(hoursOf('9-12、13:00~24', 2)).toEqual(day);
  expect(hoursOf(' ', 2)).toEqual([]);
  expect(['12-9', '9', 'noon', '9:75-10', '9-25'].map((text) => hoursOf(text, 2))).toEqual([null, null, null, null, null]);
});
