// What the pipeline knows of deals without asking anybody: columns, sums, what needs attention, and what a stage asks for.
import { type BoardColumn, type Opportunity, type Pipeline, type PipelineStage, StageKind } from '../gen/baton/v1/opportunities_pb';
import { msOf } from '../i18n/format';
import type { Amount } from '../i18n/money';
import type { Sort } from './search';

const DAY_MS = 86_400_000;

export const kindOf = (stage: Pick<PipelineStage, 'kind'>): StageKind => stage.kind || StageKind.OPEN;
export const isOpen = (deal: Opportunity) => (deal.stageKind || StageKind.OPEN) === StageKind.OPEN;
export const daysInStage = (deal: Opportunity, now: number) => Math.max(0, Math.floor((now - msOf(deal.stageEnteredAt ?? deal.createdAt)) / DAY_MS));

// As an input of a form has a date, at the clock of whoever looks.
export function dayOf(ms: number): string {
  const at = new Date(ms);
  const two = (n: number) => String(n).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

export const msOfDay = (day: string) => (day ? new Date(`${day}T00:00`).getTime() : NaN);

// What a deal needs first: it is over its day, nothing has happened to it for too long, or nobody knows what comes next.
export type Attention = 'late' | 'idle' | 'step';

export function attentionOf(deal: Opportunity, stage: PipelineStage | undefined, now: number): Attention | undefined {
  if (!isOpen(deal)) return undefined;
  if (deal.closeDate && deal.closeDate < dayOf(now)) return 'late';
  const idle = (now - msOf(deal.updatedAt)) / DAY_MS;
  if (stage?.idleDays && idle > stage.idleDays) return 'idle';
  return deal.nextStep ? undefined : 'step';
}

export const isUrgent = (attention?: Attention) => attention === 'late' || attention === 'idle';

export interface Sum {
  currencyCode: string;
  minorUnits: bigint;
  weighted: bigint;
  count: number;
}

// One a currency, the one of most deals first; no rate is guessed.
export function sumsOf(deals: Opportunity[]): Sum[] {
  const sums = new Map<string, Sum>();
  for (const { amount, probability } of deals) {
    if (!amount?.currencyCode) continue;
    const sum = sums.get(amount.currencyCode) ?? { currencyCode: amount.currencyCode, minorUnits: 0n, weighted: 0n, count: 0 };
    sum.minorUnits += amount.minorUnits;
    sum.weighted += (amount.minorUnits * BigInt(probability)) / 100n;
    sum.count++;
    sums.set(amount.currencyCode, sum);
  }
  return [...sums.values()].sort((a, b) => b.count - a.count || (a.currencyCode < b.currencyCode ? -1 : 1));
}

const SHOWN = 2;

export function addedTo(sums: Sum[], more: Sum[]): Sum[] {
  const known = sums.map((s) => {
    const m = more.find((one) => one.currencyCode === s.currencyCode);
    return m ? { ...s, minorUnits: s.minorUnits + m.minorUnits, weighted: s.weighted + m.weighted, count: s.count + m.count } : s;
  });
  return [...known, ...more.filter((m) => !sums.some((s) => s.currencyCode === m.currencyCode))];
}

export function sumText(sums: Sum[], show: (amount: Amount) => string, isWeighted = false): string {
  const shown = sums.slice(0, SHOWN).map((s) => show({ currencyCode: s.currencyCode, minorUnits: isWeighted ? s.weighted : s.minorUnits }));
  return [...shown, ...(sums.length > SHOWN ? ['…'] : [])].join(' + ');
}

// The day it is to close first, then what is worth more.
export function inOrder(a: Opportunity, b: Opportunity): number {
  const [x, y] = [a.closeDate || '9', b.closeDate || '9'];
  if (x !== y) return x < y ? -1 : 1;
  const by = (b.amount?.minorUnits ?? 0n) - (a.amount?.minorUnits ?? 0n);
  return by ? (by > 0n ? 1 : -1) : a.id < b.id ? -1 : 1;
}

export interface Column {
  stage: PipelineStage;
  deals: Opportunity[];
  // Of all there are, which may be more than are listed.
  count: number;
  sums: Sum[];
}

const countedOf = (amounts: BoardColumn['amounts'], count: number): Sum[] =>
  amounts.map((a) => ({ currencyCode: a.currencyCode, minorUnits: a.minorUnits, weighted: a.weightedMinorUnits, count }));

export function columnsOf(pipeline: Pipeline, deals: Opportunity[], board?: Pick<BoardColumn, 'stage' | 'count' | 'amounts'>[]): Column[] {
  const byStage = new Map<string, Opportunity[]>(pipeline.stages.map((s) => [s.key, []]));
  for (const deal of deals) byStage.get(deal.stageKey)?.push(deal);
  return pipeline.stages.flatMap((stage) => {
    const there = (byStage.get(stage.key) ?? []).sort(inOrder);
    const counted = board?.find((c) => c.stage?.key === stage.key);
    const [count, sums] = counted ? [Number(counted.count), countedOf(counted.amounts, Number(counted.count))] : [there.length, sumsOf(there)];
    return stage.retired && count === 0 ? [] : [{ stage, deals: there, count, sums }];
  });
}

// What columns come to together.
export const totalOf = (columns: Pick<Column, 'count' | 'sums'>[]): Pick<Column, 'count' | 'sums'> =>
  ({ count: columns.reduce((count, c) => count + c.count, 0), sums: columns.reduce<Sum[]>((sums, c) => addedTo(sums, c.sums), []) });

export function nextStage(pipeline: Pipeline, deal: Pick<Opportunity, 'stageKey'>): PipelineStage | undefined {
  const at = pipeline.stages.findIndex((s) => s.key === deal.stageKey);
  return pipeline.stages.slice(at + 1).find((s) => !s.retired && kindOf(s) === StageKind.OPEN);
}

type Compare = (a: Opportunity, b: Opportunity) => number;

export function sortedBy(deals: Opportunity[], sort: Sort | undefined, pipeline: Pipeline, whoIs: (id: string) => string, now: number): Opportunity[] {
  const place = new Map(pipeline.stages.map((s, i) => [s.key, i]));
  const at = (deal: Opportunity) => place.get(deal.stageKey) ?? 0;
  const worth = (deal: Opportunity) => Number(deal.amount?.minorUnits ?? -1n);
  const by: { [sort in Sort]: Compare } = {
    name: (a, b) => a.name.localeCompare(b.name),
    stage: (a, b) => at(a) - at(b),
    amount: (a, b) => worth(b) - worth(a),
    probability: (a, b) => b.probability - a.probability,
    close: inOrder,
    owner: (a, b) => whoIs(a.ownerId).localeCompare(whoIs(b.ownerId)),
    days: (a, b) => daysInStage(b, now) - daysInStage(a, now),
  };
  return [...deals].sort((a, b) => by[sort ?? 'close'](a, b) || inOrder(a, b));
}

// What differs between what somebody saw and what there is now.
const COMPARED = ['name', 'stageKey', 'amount', 'probability', 'closeDate', 'nextStep', 'ownerId', 'accountId'] as const;
export type Compared = (typeof COMPARED)[number];

const same = (a: unknown, b: unknown) => JSON.stringify(a, big) === JSON.stringify(b, big);
const big = (_: string, value: unknown) => (typeof value === 'bigint' ? String(value) : value);

export const changedFields = (seen: Opportunity, now: Opportunity): Compared[] => COMPARED.filter((field) => !same(seen[field], now[field]));
