// What comes by itself: a page asks for the notifications there are, and hears of the next ones.
import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef, useState } from 'react';
import { serverNow } from '../api/clock';
import { notifications } from '../api/client';
import { Meanwhile } from '../api/fresh';
import { type Notification, NotificationClass } from '../gen/baton/v1/notifications_pb';
import { msOf, timestampOf } from '../i18n/format';
import { toast } from '../ui/toast';
import { type Channel, type LiveState, openChannel, type Said, whenLeading } from './channel';
import { markSeen, seenListeners } from './marks';
import { readStream } from './source';
import { notificationOf } from './wire';
import { create } from '@bufbuild/protobuf';
import { TimestampSchema } from '@bufbuild/protobuf/wkt';

const LIST = 100;
const NEW_MS = 60_000;
const MINE = 'notifications';

// What a notification of a class may have changed.
const TOUCHES: { [klass: number]: string[] } = {
  [NotificationClass.MENTION]: ['timeline', 'notes'],
  [NotificationClass.TASK_DUE]: ['activities', 'calendar'],
  [NotificationClass.DIGEST]: ['leads', 'lead'],
};

const meanwhile = new Meanwhile<Notification[]>();

export const noticesQuery = {
  queryKey: [MINE],
  staleTime: 60_000,
  queryFn: ({ signal }: { signal: AbortSignal }) => meanwhile.during(async () => (await notifications.listNotifications({ pageSize: LIST }, { signal })).notifications),
};

interface Live {
  state: LiveState;
  device: string;
  // Other tabs look anew at what begins with one of these.
  changed: (...keys: string[]) => void;
  seen: (ids: string[]) => void;
}

const Context = createContext<Live>({ state: 'connecting', device: '', changed: () => {}, seen: () => {} });
export const useLive = () => useContext(Context);

// Whoever shows leads hears of which something happened to.
export const leadListeners = new Set<(leadId: string) => void>();

function put(client: QueryClient, change: (list: Notification[]) => Notification[]) {
  meanwhile.tell(change);
  client.setQueryData<Notification[]>([MINE], (list) => list && change(list));
}

function clear(client: QueryClient, ids: string[]) {
  const now = create(TimestampSchema, timestampOf(Math.round(serverNow())));
  put(client, (list) => list.map((n) => (ids.includes(n.id) && !n.seenAt ? { ...n, seenAt: now } : n)));
}

function arrive(client: QueryClient, n: Notification) {
  put(client, (list) => [n, ...list.filter((old) => old.id !== n.id)]);
  for (const key of TOUCHES[n.class] ?? []) client.invalidateQueries({ queryKey: [key] });
  if (n.leadId) leadListeners.forEach((listener) => listener(n.leadId));
  if (!n.silent && serverNow() - msOf(n.createdAt) < NEW_MS) toast({ title: n.title, text: n.text });
}

export function LiveProvider({ user, children }: { user: string; children: ReactNode }) {
  const client = useQueryClient();
  const [now, setNow] = useState<{ state: LiveState; device: string }>({ state: 'connecting', device: '' });
  const channel = useRef<Channel>(undefined);
  const isLeading = useRef(false);
  const last = useRef(now);
  last.current = now;

  useEffect(() => {
    const invalidate = (keys: string[]) => keys.forEach((key) => client.invalidateQueries({ queryKey: [key] }));
    const hear = (said: Said) => {
      if (said.kind === 'notification') arrive(client, notificationOf(said.notification));
      else if (said.kind === 'cleared') clear(client, said.ids);
      else if (said.kind === 'refresh') invalidate(['leads', MINE]);
      else if (said.kind === 'changed') invalidate(said.keys);
      else if (said.kind === 'ended') client.setQueryData(['me'], null);
      else if (said.kind === 'ask' && isLeading.current) channel.current?.say({ kind: 'state', ...last.current });
      else if (said.kind === 'state') {
        if (said.state === 'live' && last.current.state !== 'live') invalidate(['leads', MINE]);
        setNow({ state: said.state, device: said.device });
      }
    };
    const mine = openChannel(`live.${user}`, hear);
    channel.current = mine;
    mine.say({ kind: 'ask' });
    const giveUp = whenLeading(`live.${user}`, () => {
      isLeading.current = true;
      return readStream(user, mine);
    });
    const onSeen = (ids: string[]) => mine.tell({ kind: 'cleared', ids });
    seenListeners.add(onSeen);
    return () => {
      seenListeners.delete(onSeen);
      isLeading.current = false;
      giveUp();
      mine.close();
    };
  }, [client, user]);

  const live = useMemo<Live>(() => ({
    ...now,
    changed: (...keys) => channel.current?.tell({ kind: 'changed', keys }),
    seen: (ids) => ids.length && markSeen(now.device, ids),
  }), [now]);
  return <Context value={live}>{children}</Context>;
}
