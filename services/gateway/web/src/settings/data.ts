// One's own devices and wishes.
import { clone, create } from '@bufbuild/protobuf';
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { directory, notifications } from '../api/client';
import { holdAnswers } from '../api/fresh';
import { type GetPreferencesResponse, GetPreferencesResponseSchema, type NotificationPreferences, NotificationPreferencesSchema } from '../gen/baton/v1/notifications_pb';
import { complain } from '../ui/toast';

const KEY = ['wishes'];

export const devicesQuery = queryOptions({
  queryKey: ['devices'],
  staleTime: 0,
  queryFn: async ({ signal }) => (await notifications.listDevices({}, { signal })).devices,
});

export const SESSIONS = ['sessions'];

export const sessionsQuery = queryOptions({
  queryKey: SESSIONS,
  staleTime: 0,
  queryFn: ({ signal }) => directory.listSessions({}, { signal }),
});

export const wishesQuery = queryOptions({
  queryKey: KEY,
  queryFn: ({ signal }) => notifications.getPreferences({}, { signal }),
});

// What is wished shows at once. All of it is kept each time, one time after the other; a change comes out the same if made twice.
export function useWish() {
  const client = useQueryClient();
  const wished = (change: (p: NotificationPreferences) => void) => {
    const known = client.getQueryData<GetPreferencesResponse>(KEY)?.preferences;
    const next = known ? clone(NotificationPreferencesSchema, known) : create(NotificationPreferencesSchema);
    change(next);
    return next;
  };
  const show = (preferences?: NotificationPreferences) =>
    client.setQueryData<GetPreferencesResponse>(KEY, (all) => all && create(GetPreferencesResponseSchema, { ...all, preferences }));
  return useMutation({
    mutationKey: KEY,
    scope: { id: 'wishes' },
    mutationFn: (change: (p: NotificationPreferences) => void) => notifications.setPreferences({ preferences: wished(change) }),
    onMutate: async (change) => {
      await holdAnswers(client, KEY);
      show(wished(change));
    },
    onError: complain,
    // What is said once the last of them is through has all of them.
    onSettled: () => (client.isMutating({ mutationKey: KEY }) === 1 ? client.invalidateQueries({ queryKey: KEY }) : undefined),
  });
}
