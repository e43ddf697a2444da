// Imports as the server has them: begun, looked up, listed, taken back.
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { Code, ConnectError } from '@connectrpc/connect';
import { client } from '../api/client';
import { ContactListService, type KeptRecord } from '../gen/baton/v1/contact_lists_pb';
import { useLive } from '../live/live';

export const lists = client(ContactListService);

const SHOWN = 50;

export const importsQuery = queryOptions({
  queryKey: ['imports'],
  queryFn: async ({ signal }) => (await lists.listImports({ pageSize: SHOWN }, { signal })).imports,
});

// Whether an import of this id may still add something; false: it was taken back.
export async function isOpenImport(id: string, signal: AbortSignal): Promise<{ isOpen: boolean; isBegun: boolean }> {
  try {
    const { import: found } = await lists.getImport({ id }, { signal });
    return { isOpen: !found?.isUndone, isBegun: true };
  } catch (error) {
    if (ConnectError.from(error).code === Code.NotFound) return { isOpen: true, isBegun: false };
    throw error;
  }
}

export interface Undone {
  deleted: number;
  restored: number;
  gone: number;
  kept: KeptRecord[];
}

// Page by page; what somebody has changed since stays, with the reason.
export function useUndoImport() {
  const client = useQueryClient();
  const { changed } = useLive();
  return useMutation({
    mutationFn: async (importId: string) => {
      const sum: Undone = { deleted: 0, restored: 0, gone: 0, kept: [] };
      let pageToken = '';
      do {
        const page = await lists.undoImport({ importId, pageToken: pageToken || undefined });
        sum.deleted += page.deleted;
        sum.restored += page.restored;
        sum.gone += page.gone;
        sum.kept.push(...page.kept);
        pageToken = page.nextPageToken;
      } while (pageToken);
      return sum;
    },
    onSettled: () => {
      for (const key of ['imports', 'found', 'account', 'contact']) client.invalidateQueries({ queryKey: [key] });
      changed('found', 'account', 'contact');
    },
  });
}
