// The catalogue as the server has it, and what something costs.
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client } from '../api/client';
import { listAll, records, saveEdit } from '../api/records';
import { CatalogueService } from '../gen/baton/v1/catalogue_pb';
import { useLive } from '../live/live';
import type { Kind } from './kinds';
import type { Row, Values } from './logic';

export const catalogue = client(CatalogueService);

const KEEP_MS = 30_000;

export const rowsQuery = (kind: Kind, book?: string) => queryOptions({
  queryKey: ['catalogue', kind, book ?? ''],
  staleTime: KEEP_MS,
  queryFn: async ({ signal }) => {
    const { found, isCut } = await listAll(kind, signal, kind === 'priceBookEntry' && book ? { field: 'priceBookId', value: book } : undefined);
    return { rows: found as unknown as Row[], isCut };
  },
});

export const useRows = (kind: Kind) => useQuery(rowsQuery(kind)).data?.rows ?? [];

// Made where there was none, changed where there is one; undefined in `values` is taken away.
export function useKeep(kind: Kind, row: Row | undefined, done: () => void) {
  const cache = useQueryClient();
  const { changed } = useLive();
  return useMutation({
    mutationFn: async (values: Values) => {
      if (row) await saveEdit(kind, { id: row.id, revision: row.revision, values });
      else await records.createRecord({ record: { record: { case: kind, value: Object.fromEntries(Object.entries(values).filter(([, v]) => v !== undefined)) } as never } });
    },
    onSuccess: done,
    onSettled: () => {
      const keys = ['catalogue', 'products', 'priceBooks'];
      for (const key of keys) cache.invalidateQueries({ queryKey: [key] });
      changed(...keys);
    },
  });
}
