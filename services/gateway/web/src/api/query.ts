// What was asked is kept here; a session that ended is noticed wherever it shows.
import { MutationCache, QueryCache, type QueryClient, queryOptions } from '@tanstack/react-query';
import { directory } from './client';
import { Fresh } from './fresh';
import { isSignedOut } from './refusal';

const FRESH_MS = 15_000;

function ended(error: unknown) {
  if (isSignedOut(error)) queryClient.setQueryData(['me'], null);
}

export const queryClient: QueryClient = new Fresh({
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
