// Documents as the server has them, and what is done with them.
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { infiniteQueryOptions, keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { client } from '../api/client';
import { serverNow } from '../api/clock';
import { holdAnswers } from '../api/fresh';
import { listAll, records } from '../api/records';
import { type Document, DocumentService, type DocumentReading } from '../gen/baton/v1/documents_pb';
import { PreviewService } from '../gen/baton/v1/preview_pb';
import { ShareService } from '../gen/baton/v1/shares_pb';
import { useLive } from '../live/live';
import { complain } from '../ui/toast';
import { askedOf, filtersOf, titleOf } from './logic';
import type { DocumentsSearch } from './search';

export const documents = client(DocumentService);
export const shares = client(ShareService);
const previews = client(PreviewService);

const PAGE = 100;
const EVERY_MS = 15_000;
const FOUND_MS = 5000;
const READERS_MOST = 1000;

export const documentsQuery = (search: DocumentsSearch, now: number) => infiniteQueryOptions({
  queryKey: ['documents', JSON.stringify(search)],
  initialPageParam: '',
  placeholderData: keepPreviousData,
  refetchInterval: EVERY_MS,
  queryFn: async ({ signal, pageParam }) => {
    const paging = { pageSize: PAGE, pageToken: pageParam || undefined };
    if (search.toRead) {
      const { documents: rows, nextPageToken: next } = await documents.listReading(paging, { signal });
      return { rows, next, isCut: false };
    }
    const page = await documents.listDocuments({ ...askedOf(search, now), ...paging }, { signal });
    return { rows: page.documents, next: page.nextPageToken, isCut: page.cut };
  },
  getNextPageParam: (page) => page.next || undefined,
});

// By what they say. What is new may not have been read yet, so it is asked again.
export const foundQuery = (search: DocumentsSearch) => infiniteQueryOptions({
  queryKey: ['documents', 'found', search.q ?? '', JSON.stringify(filtersOf(search))],
  enabled: Boolean(search.q),
  initialPageParam: '',
  placeholderData: keepPreviousData,
  queryFn: ({ signal, pageParam }) => documents.searchDocuments({ query: search.q, filters: filtersOf(search), pageSize: 20, pageToken: pageParam || undefined }, { signal }),
  refetchInterval: ({ state }) => (state.data?.pages.at(0)?.complete === false ? FOUND_MS : EVERY_MS),
  getNextPageParam: (page) => page.nextPageToken || undefined,
});

// What I have to read, as many as are shown at once.
export const toReadQuery = queryOptions({
  queryKey: ['documents', 'toRead'],
  refetchInterval: EVERY_MS,
  queryFn: async ({ signal }) => (await documents.listReading({ pageSize: PAGE }, { signal })).documents,
});

// The newest first.
export const revisionsQuery = (id: string) => queryOptions({
  queryKey: ['documentRevisions', id],
  refetchInterval: EVERY_MS,
  queryFn: async ({ signal }) => (await listAll('documentRevision', signal, { field: 'documentId', value: id })).found.sort((a, b) => b.number - a.number),
});

// Who is to read it. Refused to whoever may not change the document, which is how a page knows.
export const readersQuery = (id: string) => queryOptions({
  queryKey: ['documentReaders', id],
  queryFn: async ({ signal }) => {
    const found: DocumentReading[] = [];
    let pageToken = '';
    do {
      const page = await documents.getReaders({ documentId: id, pageSize: 200, pageToken: pageToken || undefined }, { signal });
      found.push(...page.readers);
      pageToken = page.nextPageToken;
    } while (pageToken && found.length < READERS_MOST);
    return found;
  },
});

// Links that people outside have, the newest first. Refused to whoever may make none, which is how a page knows.
export const sharesQuery = (id: string) => infiniteQueryOptions({
  queryKey: ['documentShares', id],
  initialPageParam: '',
  refetchInterval: EVERY_MS,
  queryFn: ({ signal, pageParam }) => shares.listShares({ documentId: id, pageToken: pageParam || undefined }, { signal }),
  getNextPageParam: (page) => page.nextPageToken || undefined,
});

export const textQuery = (hash: string) => queryOptions({
  queryKey: ['preview', hash],
  enabled: hash !== '',
  staleTime: Infinity,
  queryFn: ({ signal }) => previews.getText({ hash }, { signal }),
});

export const pageQuery = (hash: string, page: number) => queryOptions({
  queryKey: ['preview', hash, page],
  enabled: hash !== '',
  staleTime: Infinity,
  queryFn: async ({ signal }) => {
    const { png, reason } = await previews.getPage({ hash, page }, { signal });
    return { reason, url: png.length > 0 ? await urlOf(png) : '' };
  },
});

// The page's policy lets images in that are themselves in the address.
const urlOf = (png: Uint8Array) => new Promise<string>((resolve, reject) => {
  const reader = new FileReader();
  reader.onload = () => resolve(String(reader.result));
  reader.onerror = () => reject(reader.error);
  reader.readAsDataURL(new Blob([png as Uint8Array<ArrayBuffer>], { type: 'image/png' }));
});

export const settingsQuery = queryOptions({
  queryKey: ['documentSettings'],
  staleTime: 300_000,
  queryFn: async ({ signal }) => (await listAll('documentSettings', signal)).found[0] ?? null,
});

const TOUCHED = ['document', 'documents', 'documentRevisions', 'documentReaders', 'documentShares'];

export function useTouched() {
  const cache = useQueryClient();
  const { changed } = useLive();
  return () => {
    for (const key of TOUCHED) cache.invalidateQueries({ queryKey: [key] });
    changed(...TOUCHED);
  };
}

// Whatever is done to a document; what is refused is said, and how it is now is looked at again.
export function useAct<A, R>(act: (asked: A) => Promise<R>, refused: (error: Error) => void = complain) {
  const touched = useTouched();
  return useMutation({ mutationFn: act, onError: refused, onSettled: touched });
}

// It shows as revoked at once.
export function useRevoke(documentId: string) {
  const cache = useQueryClient();
  const { queryKey } = sharesQuery(documentId);
  const touched = useTouched();
  return useMutation({
    mutationFn: (id: string) => shares.revokeShare({ id }),
    onMutate: async (id) => {
      await holdAnswers(cache, queryKey);
      const revokedAt = timestampFromMs(serverNow());
      cache.setQueryData(queryKey, (all) => all && { ...all, pages: all.pages.map((page) => ({ ...page, shares: page.shares.map((s) => (s.id === id ? { ...s, revokedAt } : s)) })) });
    },
    onError: complain,
    onSettled: touched,
  });
}

// A file becomes a document of its own.
export async function documentOf(file: File, fileHash: string): Promise<Document | undefined> {
  const { record } = await records.createRecord({ record: { record: { case: 'document', value: { title: titleOf(file.name).slice(0, 400) } } } });
  if (record?.record.case !== 'document') return undefined;
  const { document } = await documents.addRevision({ documentId: record.record.value.id, fileHash, makeCurrent: true });
  return document;
}
