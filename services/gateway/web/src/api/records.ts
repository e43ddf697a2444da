// Plain records: asked for, listed, made, changed, deleted, and brought back. What is changed shows at once; it can be
// undone, and whoever was faster is told of, field by field.
import { type MessageInitShape, create } from '@bufbuild/protobuf';
import { ConnectError } from '@connectrpc/connect';
import { type QueryClient, infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from '../i18n/words';
import { type Record, RecordSchema, RecordService } from '../gen/baton/v1/record_pb';
import { useLive } from '../live/live';
import { complain, toast } from '../ui/toast';
import { client as clientOf } from './client';
import { holdAnswers } from './fresh';
import { orLater } from './later';
import { snake } from './names';
import { isConflict } from './refusal';

export const records = clientOf(RecordService);

type Case = NonNullable<Record['record']['case']>;
export type RecordOf<C extends Case> = Extract<Record['record'], { case: C }>['value'];
export type InitOf<C extends Case> = Extract<NonNullable<MessageInitShape<typeof RecordSchema>['record']>, { case: C }>['value'];

const PAGE = 100;
const MOST = 2000;
const MAY_WAIT: Case[] = ['note', 'activity'];

const message = <C extends Case>(type: C, value: object) => create(RecordSchema, { record: { case: type, value } } as never);
export const valueOf = <C extends Case>(type: C, record?: Record): RecordOf<C> | undefined =>
  (record?.record.case === type ? record.record.value : undefined) as unknown as RecordOf<C> | undefined;

// Of a conflict: what there is now.
export const currentOf = (error: unknown): Record | undefined => ConnectError.from(error).findDetails(RecordSchema)[0];

export const recordQuery = <C extends Case>(type: C, id: string) => queryOptions({
  queryKey: [type, id],
  enabled: id !== '',
  queryFn: async ({ signal }) => valueOf(type, (await records.getRecord({ type: snake(type), id }, { signal })).record) ?? null,
});

export interface Where {
  field: string;
  value: string;
}

// As many as a page can do something with, at once.
export async function listAll<C extends Case>(type: C, signal: AbortSignal, where?: Where): Promise<{ found: RecordOf<C>[]; isCut: boolean }> {
  const found: RecordOf<C>[] = [];
  let pageToken = '';
  do {
    const page = await records.listRecords(
      { type: snake(type), pageSize: 2 * PAGE, pageToken: pageToken || undefined, whereField: where && snake(where.field), whereValue: where?.value }, { signal });
    found.push(...page.records.flatMap((r) => valueOf(type, r) ?? []));
    pageToken = page.nextPageToken;
  } while (pageToken && found.length < MOST);
  return { found, isCut: pageToken !== '' };
}

// All of one kind, or those of which an indexed field has a value.
export const listQuery = <C extends Case>(type: C, where?: Where) => infiniteQueryOptions({
  queryKey: [`${type}s`, where?.field ?? '', where?.value ?? ''],
  enabled: where === undefined || where.value !== '',
  initialPageParam: '',
  queryFn: async ({ signal, pageParam }) => {
    const page = await records.listRecords(
      { type: snake(type), pageSize: PAGE, pageToken: pageParam || undefined, whereField: where && snake(where.field), whereValue: where?.value }, { signal });
    return { rows: page.records.flatMap((r) => valueOf(type, r) ?? []), next: page.nextPageToken };
  },
  getNextPageParam: (page) => page.next || undefined,
});

export const changesQuery = (type: Case, id: string) => infiniteQueryOptions({
  queryKey: ['changes', type, id],
  initialPageParam: '',
  queryFn: ({ signal, pageParam }) => records.listChanges({ type: snake(type), id, pageSize: 30, pageToken: pageParam || undefined }, { signal }),
  getNextPageParam: (page) => page.nextPageToken || undefined,
});

// What was looked at of a record, in whatever list it stands.
function touched(client: QueryClient, type: Case, id: string) {
  for (const key of [type, `${type}s`, 'found', 'timeline', 'changes', 'quality']) client.invalidateQueries({ queryKey: [key] });
  client.invalidateQueries({ queryKey: [type, id] });
}

function useTouch() {
  const client = useQueryClient();
  const { changed } = useLive();
  return (type: Case, id: string) => {
    touched(client, type, id);
    changed(type, `${type}s`, 'found', 'timeline');
  };
}

export function useCreate<C extends Case>(type: C) {
  const touch = useTouch();
  return useMutation({
    mutationFn: async (value: InitOf<C>) => {
      const request = { record: message(type, value as object) };
      const answer = MAY_WAIT.includes(type) ? await orLater(RecordService.method.createRecord, request, (r) => records.createRecord(r)) : await records.createRecord(request);
      return valueOf(type, answer?.record);
    },
    onSuccess: (record) => record && touch(type, (record as { id: string }).id),
  });
}

interface Pages {
  pages: { rows: { id: string }[] }[];
}

// A message with other values: still one, with what it does not say.
export const changedBy = <T extends object>(record: T, values: object): T => Object.assign(Object.create(Object.getPrototypeOf(record)), record, values);

// In whatever list it stands.
function showAtOnce(client: QueryClient, type: Case, id: string, values: object) {
  client.setQueriesData<Pages>({ queryKey: [`${type}s`] }, (data) => data && {
    ...data, pages: data.pages.map((page) => ({ ...page, rows: page.rows.map((row) => (row.id === id ? changedBy(row, values) : row)) })),
  });
}

export interface Edit {
  id: string;
  revision?: bigint;
  // A field's name and what it becomes; undefined: nothing.
  values: { [name: string]: unknown };
}

export const isEmpty = (value: unknown) => value === undefined || value === '' || (Array.isArray(value) && value.length === 0);

export async function saveEdit(type: Case, { id, revision, values }: Edit) {
  const set = Object.fromEntries(Object.entries(values).filter(([, v]) => !isEmpty(v)));
  const clear = Object.keys(values).filter((name) => isEmpty(values[name])).map(snake);
  return records.updateRecord({ record: message(type, { id, ...(revision ? { revision } : {}), ...set }), clear });
}

// `conflict` hears of what somebody else made of the record meanwhile.
export function useUpdate<C extends Case>(type: C, conflict: (edit: Edit, now: RecordOf<C>) => void) {
  const client = useQueryClient();
  const touch = useTouch();
  const { t } = useTranslation();
  const update = useMutation({
    mutationFn: (edit: Edit) => saveEdit(type, edit),
    onMutate: async ({ id, values }) => {
      await holdAnswers(client, [type, id], [`${type}s`]);
      const before = client.getQueryData<RecordOf<C>>([type, id]);
      if (before) client.setQueryData([type, id], changedBy(before as object, values));
      showAtOnce(client, type, id, values);
      return before;
    },
    onSuccess: ({ record }, { id, values, revision }, before) => {
      const now = valueOf(type, record);
      if (now) client.setQueryData([type, id], now);
      touch(type, id);
      if (!before || !now || !revision) return;
      const old = Object.fromEntries(Object.keys(values).map((name) => [name, (before as { [name: string]: unknown })[name]]));
      toast({ title: t('saved'), undo: () => update.mutate({ id, values: old }) });
    },
    onError: (error, edit, before) => {
      client.setQueryData([type, edit.id], before);
      for (const queryKey of [[type, edit.id], [`${type}s`]]) client.invalidateQueries({ queryKey });
      const now = isConflict(error) ? valueOf(type, currentOf(error)) : undefined;
      if (now) conflict(edit, now);
      else complain(error);
    },
  });
  return update;
}

// How it was before it was deleted stands in the log.
async function bringBack(type: Case, id: string) {
  const { changes } = await records.listChanges({ type: snake(type), id, pageSize: 2 });
  await records.restoreRecord({ type: snake(type), id, seq: changes[1]?.seq });
}

export function useDelete(type: Case) {
  const touch = useTouch();
  const { t } = useTranslation();
  const undo = useMutation({ mutationFn: (id: string) => bringBack(type, id), onSettled: (_, __, id) => touch(type, id), onError: complain });
  return useMutation({
    mutationFn: ({ id }: { id: string }) => records.deleteRecord({ type: snake(type), id }),
    onSuccess: (_, { id }) => toast({ title: t('deleted'), undo: () => undo.mutate(id) }),
    onError: complain,
    onSettled: (_, __, { id }) => touch(type, id),
  });
}

export function useRestore(type: Case) {
  const touch = useTouch();
  return useMutation({
    mutationFn: ({ id, seq }: { id: string; seq: bigint }) => records.restoreRecord({ type: snake(type), id, seq }),
    onError: complain,
    onSettled: (_, __, { id }) => touch(type, id),
  });
}
