// What was asked is kept here; a session that ended is noticed wherever it shows.
import { MutationCache, QueryCache, QueryClient, queryOptions } from '@tanstack/react-query';
import { directory, records } from './client';
import { isSignedOut } from './refusal';
import type { User } from '../gen/baton/v1/directory_pb';

const FRESH_MS = 15_000;
const PEOPLE_MAX = 4000;

function ended(error: unknown) {
  if (isSignedOut(error)) queryClient.setQueryData(['me'], null);
}

export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: ended }),
  mutationCache: new MutationCache({ onError: ended }),
  defaultOptions: {
    queries: { staleTime: FRESH_MS, retry: false, structuralSharing: false, networkMode: 'always' },
    mutations: { networkMode: 'always' },
  },
});

// null: nobody is signed in.
export const meQuery = queryOptions({
  queryKey: ['me'],
  staleTime: Infinity,
  queryFn: async ({ signal }) => {
    try {
      return await directory.getMe({}, { signal });
    } catch (error) {
      if (isSignedOut(error)) return null;
      throw error;
    }
  },
});

// Everybody, by id.
export const peopleQuery = queryOptions({
  queryKey: ['people'],
  staleTime: 300_000,
  queryFn: async ({ signal }) => {
    const people = new Map<string, User>();
    let pageToken = '';
    do {
      const page = await records.listRecords({ type: 'user', pageSize: 200, pageToken: pageToken || undefined }, { signal });
      for (const { record } of page.records) if (record.case === 'user') people.set(record.value.id, record.value);
      pageToken = page.nextPageToken;
    } while (pageToken && people.size < PEOPLE_MAX);
    return people;
  },
});
