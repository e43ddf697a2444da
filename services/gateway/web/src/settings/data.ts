// One's own devices and wishes.
import { clone, create } from '@bufbuild/protobuf';
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { notifications } from '../api/client';
import { type GetPreferencesResponse, GetPreferencesResponseSchema, type NotificationPreferences, NotificationPreferencesSchema } from '../gen/baton/v1/notifications_pb';
import { complain } from '../ui/toast';

export const devicesQuery = queryOptions({
  queryKey: ['devices'],
  staleTime: 0,
  queryFn: async ({ signal }) => (await notifications.listDevices({}, { signal })).devices,
});

export const wishesQuery = queryOptions({
  queryKey: ['wishes'],
  queryFn: ({ signal }) => notifications.getPreferences({}, { signal }),
});

// All of them are kept each time, one time after the other.
export function useWish() {
  const client = useQueryClient();
  return useMutation({
    scope: { id: 'wishes' },
    mutationFn: async (change: (p: NotificationPreferences) => void) => {
      const known = client.getQueryData<GetPreferencesResponse>(['wishes'])?.preferences;
      const next = known ? clone(NotificationPreferencesSchema, known) : create(NotificationPreferencesSchema);
      change(next);
      const { preferences } = await notifications.setPreferences({ preferences: next });
      client.setQueryData<GetPreferencesResponse>(['wishes'], (all) => all && create(GetPreferencesResponseSchema, { ...all, preferences }));
    },
    onError: complain,
    onSettled: () => client.invalidateQueries({ queryKey: ['wishes'] }),
  });
}
