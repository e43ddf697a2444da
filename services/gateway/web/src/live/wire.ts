// What the stream says, as messages of the schema.
import { type JsonObject, fromJson } from '@bufbuild/protobuf';
import { type Notification, NotificationSchema } from '../gen/baton/v1/notifications_pb';

export type NotificationJson = JsonObject;

export const notificationOf = (json: NotificationJson): Notification => fromJson(NotificationSchema, json, { ignoreUnknownFields: true });
