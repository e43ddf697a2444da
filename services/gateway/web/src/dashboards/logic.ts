// What a page knows of figures without asking anybody: which dashboard is whose, how long bars are, what is behind a figure.
import { isFieldSet } from '@bufbuild/protobuf';
import { type Dashboard, MeasureDimension, type MeasureGroup, type MeasureRecords, type MeasureValue, MeasureValueSchema } from '../gen/baton/v1/analysis_pb';
import { type Activity, ActivityKind } from '../gen/baton/v1/contacts_pb';
import { ForecastCategory, type Opportunity } from '../gen/baton/v1/opportunities_pb';
import type { Role } from '../gen/baton/v1/options_pb';
import { msOf } from '../i18n/format';

const isMine = (d: Dashboard, me: { id: string; role: Role }) => d.ownerId === me.id && d.roles.length === 0;

// One's own, then those for one's role, those for fewer roles first.
export function inOrder(boards: Dashboard[], me: { id: string; role: Role }): Dashboard[] {
  const rank = (d: Dashboard) => (isMine(d, me) ? 0 : d.roles.includes(me.role) ? d.roles.length : 90);
  return [...boards].sort((a, b) => rank(a) - rank(b) || (a.id < b.id ? -1 : 1));
}

export const hasShare = (v?: MeasureValue) => v !== undefined && isFieldSet(v, MeasureValueSchema.field.permille);
export const hasHours = (v?: MeasureValue) => v !== undefined && isFieldSet(v, MeasureValueSchema.field.medianHours);

// Bars are as long as money where all of it is of one currency, otherwise as there are many.
export function currencyOf(groups: MeasureGroup[], at: number): string {
  const found = new Set(groups.flatMap((g) => g.values[at]?.amounts.map((a) => a.currencyCode) ?? []));
  return found.size === 1 ? [...found][0] : '';
}

export function sizeOf(v: MeasureValue | undefined, isShare: boolean, currency: string): number {
  if (!v) return 0;
  if (isShare) return v.permille;
  return currency ? Number(v.amounts[0]?.minorUnits ?? 0n) : Number(v.count);
}

// How much more or less than before, in per cent; nothing where there was nothing.
export function changeOf(now: number, before: number): number | undefined {
  return before === 0 ? undefined : Math.round((100 * (now - before)) / before);
}

// "2026-10" of every month from the first day to the last.
export function monthsOf(firstDay: string, lastDay: string): string[] {
  const months: string[] = [];
  for (let at = firstDay.slice(0, 7); at <= lastDay.slice(0, 7) && months.length < 60;) {
    months.push(at);
    const [year, month] = at.split('-').map(Number);
    at = month === 12 ? `${year + 1}-01` : `${year}-${String(month + 1).padStart(2, '0')}`;
  }
  return months;
}

const CATEGORY: { [name: string]: ForecastCategory } = {
  omitted: ForecastCategory.OMITTED, pipeline: ForecastCategory.PIPELINE, best_case: ForecastCategory.BEST_CASE, commit: ForecastCategory.COMMIT, closed: ForecastCategory.CLOSED,
};

// By what of itself a deal counts in a group told apart by detail; measures that are not here cannot be told apart afterwards.
const DETAIL: { [measure: string]: (deal: Opportunity, detail: string) => boolean } = {
  created: (d, detail) => d.leadSource === detail,
  open: (d, detail) => d.stageKey === detail,
  expected: (d, detail) => d.forecastCategory === (CATEGORY[detail] ?? 0),
  won: (d, detail) => d.productId === detail,
  lost: (d, detail) => d.outcomeReason === detail,
  lost_to: (d, detail) => d.lostTo === detail,
};

export interface Asked {
  measure: string;
  where: MeasureRecords;
  by: MeasureDimension[];
  keys: string[];
}

const keyOf = ({ by, keys }: Asked, dimension: MeasureDimension) => {
  const at = by.indexOf(dimension);
  return at < 0 ? undefined : keys[at];
};

const dayOf = (value: unknown) => {
  if (typeof value === 'string') return value;
  const ms = msOf(value as Parameters<typeof msOf>[0]);
  return Number.isNaN(ms) ? '' : new Date(ms).toISOString().slice(0, 10);
};

export const camel = (name: string) => name.replace(/_(.)/g, (_, c: string) => c.toUpperCase());

function isInDays(record: object, { dateField, firstDay, lastDay }: MeasureRecords): boolean {
  if (!dateField) return true;
  const day = dayOf((record as { [name: string]: unknown })[camel(dateField)]);
  return day >= firstDay && day <= lastDay;
}

// `teamOf` says in which team somebody is.
export function isDealBehind(deal: Opportunity, asked: Asked, teamOf: (userId: string) => string): boolean {
  const detail = keyOf(asked, MeasureDimension.DETAIL);
  const team = keyOf(asked, MeasureDimension.TEAM);
  const owner = keyOf(asked, MeasureDimension.OWNER);
  return isInDays(deal, asked.where) && (!asked.where.stageKind || deal.stageKind === asked.where.stageKind) && (owner === undefined || deal.ownerId === owner) &&
    (team === undefined || teamOf(deal.ownerId) === team) && (detail === undefined || (DETAIL[asked.measure]?.(deal, detail) ?? true));
}

export function isActivityBehind(activity: Activity, asked: Asked): boolean {
  const detail = keyOf(asked, MeasureDimension.DETAIL);
  const owner = keyOf(asked, MeasureDimension.OWNER);
  return isInDays(activity, asked.where) && msOf(activity.doneAt) > 0 && (owner === undefined || activity.ownerId === owner) &&
    (detail === undefined || ActivityKind[activity.kind]?.toLowerCase() === detail);
}

// Whether the records can be told apart as finely as the figure is.
export const isExact = (asked: Asked) =>
  keyOf(asked, MeasureDimension.TERRITORY) === undefined && (keyOf(asked, MeasureDimension.DETAIL) === undefined || asked.measure in DETAIL || asked.measure === 'activities');
