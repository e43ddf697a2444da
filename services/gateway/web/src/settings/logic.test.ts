import { create } from '@bufbuild/protobuf';
import { expect, test } from 'vitest';
import { Channel, NotificationChoiceSchema, NotificationClass, NotificationRouteSchema } from '../gen/baton/v1/notifications_pb';
import { channelsOf, chosen, clockOf, isOn, minutesOf } from './logic';

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
