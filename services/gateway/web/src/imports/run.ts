// Bringing a list in, batch after batch, or seeing what would come of it. It goes on while other pages are looked at.
import { create, toBinary } from '@bufbuild/protobuf';
import { Code, ConnectError } from '@connectrpc/connect';
import { useSyncExternalStore } from 'react';
import { DuplicatePolicy, type ImportAnswer, ImportResult, ImportRowSchema } from '../gen/baton/v1/contact_lists_pb';
import { freshId } from '../api/id';
import { queryClient } from '../api/query';
import { saidOf } from '../i18n';
import { isOpenImport, lists } from './data';
import { type Choices, type ImportRow, keyOf, type People, type Row, rowOf, type Table } from './logic';

const BATCH_ROWS = 200;
const BATCH_BYTES = 384 << 10;
const ROW_BYTES = 256 << 10;
const PAUSE_MS = 500;
const LONGEST_MS = 8000;
const BUSY = [Code.Unavailable, Code.ResourceExhausted, Code.DeadlineExceeded, Code.Aborted];
const EXAMPLES = 100;

export interface Job extends Choices {
  name: string;
  hash: string;
  table: Table;
  policy: DuplicatePolicy;
  country: string;
  people: People;
  // Why a row does not fit, in words.
  why: (target: string, why: string) => string;
}

export interface Outcome {
  row: Row;
  result: ImportResult;
  knownBy: string;
  id: string;
  reason: string;
}

export interface Run {
  job: Job;
  isPreview: boolean;
  importId: string;
  // Somebody has brought this file in before, in the same way.
  wasBegun: boolean;
  isRunning: boolean;
  isDone: boolean;
  done: number;
  counts: { [result: number]: number };
  // The first rows, and all that were not taken.
  examples: Outcome[];
  aside: Outcome[];
  error?: unknown;
}

let run: Run | undefined;
let stop: AbortController | undefined;
let seen = new Set<string>();
const listeners = new Set<() => void>();

function say(change: Partial<Run>) {
  run = run && { ...run, ...change };
  for (const listener of listeners) listener();
}

export function useRun(): Run | undefined {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, () => run);
}

// A UUID of version 8 (RFC 9562, 5.8): the same file in the same way is the same import.
async function idOf(job: Job, attempt: number): Promise<string> {
  if (!isSecureContext) return freshId(); // there is no crypto.subtle
  const said = [attempt, job.hash, job.kind, job.policy, job.ownerId ?? '', job.country, ...job.targets].join('|');
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(said)));
  hash[6] = ((hash[6] ?? 0) & 15) | 0x80;
  hash[8] = ((hash[8] ?? 0) & 63) | 0x80;
  return [...hash.slice(0, 16)].map((v) => v.toString(16).padStart(2, '0')).join('').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

async function identify(job: Job, signal: AbortSignal) {
  for (let attempt = 0; ; attempt++) {
    const importId = await idOf(job, attempt);
    const { isOpen, isBegun } = await isOpenImport(importId, signal);
    if (isOpen) return { importId, wasBegun: isBegun };
  }
}

const AS_IF: { [policy: number]: ImportResult } = {
  [DuplicatePolicy.SKIP]: ImportResult.SKIPPED, [DuplicatePolicy.UPDATE]: ImportResult.UPDATED, [DuplicatePolicy.CREATE]: ImportResult.CREATED, [DuplicatePolicy.ASK]: ImportResult.ASKED,
};

// Of a preview nothing is there when the next request comes: what is the same as an earlier row is found here.
function asIfKept(it: Run, row: ImportRow, answer: ImportAnswer): ImportResult {
  const key = keyOf(row);
  const isSeen = key !== undefined && seen.has(key);
  if (key) seen.add(key);
  return it.isPreview && isSeen && answer.result === ImportResult.CREATED ? (AS_IF[it.job.policy] ?? answer.result) : answer.result;
}

function take(outcomes: Outcome[]) {
  if (!run || outcomes.length === 0) return;
  const counts = { ...run.counts };
  for (const { result } of outcomes) counts[result] = (counts[result] ?? 0) + 1;
  const aside = outcomes.filter(({ result }) => result === ImportResult.REJECTED || result === ImportResult.ASKED);
  say({ counts, done: run.done + outcomes.length, aside: [...run.aside, ...aside], examples: [...run.examples, ...outcomes].slice(0, EXAMPLES) });
}

const rejected = (row: Row, reason: string): Outcome => ({ row, reason, result: ImportResult.REJECTED, knownBy: '', id: '' });

interface Sent {
  row: Row;
  fit?: ImportRow;
  reason?: string;
}

// The next rows that fit into a request.
function batchFrom({ job }: Run, from: number): Sent[] {
  const batch: Sent[] = [];
  let bytes = 0;
  for (const row of job.table.rows.slice(from, from + BATCH_ROWS)) {
    const fit = row.problem ? undefined : rowOf(job, row, job.people);
    const size = fit?.row ? toBinary(ImportRowSchema, create(ImportRowSchema, fit.row)).length : 0;
    if (bytes + size > BATCH_BYTES && batch.length > 0) break;
    bytes += size;
    const reason = row.problem ? job.why('', row.problem) : fit?.unfit ? job.why(fit.unfit.target, fit.unfit.why) : size > ROW_BYTES ? job.why('', 'large') : undefined;
    batch.push({ row, fit: fit?.row, reason });
  }
  return batch;
}

const outcomeOf = (it: Run, { row, fit }: Sent, a: ImportAnswer): Outcome => ({
  row, result: fit ? asIfKept(it, fit, a) : a.result, knownBy: a.knownBy, id: a.id, reason: [a.field, saidOf(a.message)].filter(Boolean).join(': '),
});

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

// Whoever is busy is asked again, more and more slowly.
async function patient<T>(ask: () => Promise<T>): Promise<T> {
  for (let ms = PAUSE_MS; ; ms *= 2) {
    try {
      return await ask();
    } catch (error) {
      if (ms > LONGEST_MS || !BUSY.includes(ConnectError.from(error).code)) throw error;
      await pause(ms);
    }
  }
}

async function sendBatch(it: Run, batch: Sent[], signal: AbortSignal) {
  const good = batch.filter((sent) => !sent.reason);
  const answers: ImportAnswer[] = [];
  if (good.length > 0) {
    const from = it.done;
    const requestId = it.isPreview ? undefined : `${it.importId.slice(0, 23)}-${from}-${good.length}`;
    const { job } = it;
    const answer = await patient(() => lists.importContacts({
      requestId, importId: it.importId, source: job.name, duplicates: job.policy, country: job.country || undefined, preview: it.isPreview || undefined,
      rows: good.map(({ fit }) => fit ?? {}),
    }, { signal }));
    answers.push(...answer.answers);
  }
  if (signal.aborted) return;
  const outcomes: Outcome[] = [];
  for (const sent of batch) {
    const answer = sent.reason ? undefined : answers.shift();
    if (!sent.reason && (!answer || answer.result === ImportResult.DEFERRED)) break;
    outcomes.push(answer ? outcomeOf(it, sent, answer) : rejected(sent.row, sent.reason ?? ''));
  }
  if (outcomes.length === 0) throw new ConnectError('The answer has no rows in it.', Code.Internal);
  take(outcomes);
}

const warn = (event: BeforeUnloadEvent) => event.preventDefault();

export async function goOn() {
  if (!run || run.isRunning) return;
  const here = (stop = new AbortController());
  say({ isRunning: true, error: undefined });
  if (!run.isPreview) addEventListener('beforeunload', warn);
  try {
    if (!run.importId) say(await identify(run.job, here.signal));
    while (run && run.done < run.job.table.rows.length && !here.signal.aborted) await sendBatch(run, batchFrom(run, run.done), here.signal);
  } catch (error) {
    if (!here.signal.aborted) say({ error });
  } finally {
    removeEventListener('beforeunload', warn);
    if (!run?.isPreview) for (const key of ['imports', 'found', 'account', 'contact']) void queryClient.invalidateQueries({ queryKey: [key] });
    if (stop === here) say({ isRunning: false, isDone: run?.done === run?.job.table.rows.length });
  }
}

export function begin(job: Job, isPreview: boolean) {
  stop?.abort();
  seen = new Set();
  run = { job, isPreview, importId: '', wasBegun: false, isRunning: false, isDone: false, done: 0, counts: {}, examples: [], aside: [] };
  return goOn();
}

export const halt = () => stop?.abort();

export function forgetRun() {
  halt();
  run = undefined;
  for (const listener of listeners) listener();
}
