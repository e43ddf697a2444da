// What a page knows of routing without asking anybody: rules as they are edited, trees, and who would have had what.
import { clone, create, equals } from '@bufbuild/protobuf';
import type { DeadlineLevel } from '../gen/baton/v1/common_pb';
import type { PostalRange, Territory, TerritoryRule } from '../gen/baton/v1/directory_pb';
import { Filter, Operator, type Policy, PolicySchema, Rank, type Rule } from '../gen/baton/v1/leads_pb';

export const FILTERS = [Filter.SKILL, Filter.LANGUAGE, Filter.PRODUCT, Filter.OWN_STAFF, Filter.PARTNER, Filter.TERRITORY];
export const RANKS = [Rank.SAME_CUSTOMER, Rank.BEST_FIT, Rank.SCORE, Rank.LEAST_LOADED, Rank.PREFERRED, Rank.NEAREST];
export const OPERATORS = [Operator.IS, Operator.IS_NOT, Operator.STARTS_WITH, Operator.CONTAINS, Operator.AT_LEAST, Operator.AT_MOST, Operator.PRESENT, Operator.ABSENT];
export const hasValues = (operator: Operator) => operator !== Operator.PRESENT && operator !== Operator.ABSENT;

// Fields of a lead that rules ask for most; any other can be typed.
export const FIELDS = ['address.country', 'address.state', 'address.city', 'address.postal_code', 'territory', 'product_interest', 'language', 'lead_source',
  'industry', 'company', 'number_of_employees', 'annual_revenue', 'score', 'campaign_id', 'email'];

// What is sent in: rules and how leads are merged; all else the server says.
export const draftOf = (policy: Policy | undefined, rules: Rule[]): Policy =>
  create(PolicySchema, { rules, ...(policy?.mergeAtIntake ? { mergeAtIntake: policy.mergeAtIntake } : {}) });

export const isSame = (policy: Policy | undefined, rules: Rule[]) => equals(PolicySchema, draftOf(policy, clone(PolicySchema, policy ?? create(PolicySchema)).rules), draftOf(policy, rules));

export function moved<T>(list: T[], from: number, to: number): T[] {
  const next = [...list];
  const [one] = next.splice(from, 1);
  if (one !== undefined) next.splice(Math.max(0, Math.min(next.length, to)), 0, one);
  return next;
}

// Where something comes to stand that is let go of above or below another.
export function landsAt(from: number, over: number, isBelow: boolean): number {
  const before = over + (isBelow ? 1 : 0);
  return before > from ? before - 1 : before;
}

// Levels come one after the other; those without a time are not there yet.
export const levelsOf = (levels: DeadlineLevel[]): DeadlineLevel[] => levels.filter((level) => level.afterMinutes > 0).sort((a, b) => a.afterMinutes - b.afterMinutes);

// A rule that holds for every lead and asks nothing of people ends the list: those below it are never asked while somebody is there.
export const isForAll = (rule: Rule) => rule.conditions.length === 0 && rule.filters.length === 0;

export interface Tried {
  id: string;
  name: string;
  // Whose it would be now, and by the draft.
  now: string;
  then: string;
  why: string;
}

export interface Load {
  userId: string;
  now: number;
  then: number;
}

// Who would have more, and who less; those with the greatest change first.
export function loadsOf(tried: Pick<Tried, 'now' | 'then'>[]): Load[] {
  const loads = new Map<string, Load>();
  const of = (userId: string) => loads.get(userId) ?? loads.set(userId, { userId, now: 0, then: 0 }).get(userId)!;
  for (const { now, then } of tried) {
    of(now).now++;
    of(then).then++;
  }
  return [...loads.values()].sort((a, b) => Math.abs(b.then - b.now) - Math.abs(a.then - a.now) || b.then - a.then);
}

export interface Leaf {
  territory: Territory;
  depth: number;
}

// Each below the one it lies in; one whose own is not there, or that lies in itself, stands at the top.
export function treeOf(all: Territory[]): Leaf[] {
  const ids = new Set(all.map((one) => one.id));
  const below = new Map<string, Territory[]>();
  for (const one of [...all].sort((a, b) => a.name.localeCompare(b.name))) {
    const at = ids.has(one.parentId) ? one.parentId : '';
    below.set(at, [...(below.get(at) ?? []), one]);
  }
  const found: Leaf[] = [];
  const seen = new Set<string>();
  const walk = (id: string, depth: number) => {
    for (const territory of below.get(id) ?? []) {
      if (seen.has(territory.id)) continue;
      seen.add(territory.id);
      found.push({ territory, depth });
      walk(territory.id, depth + 1);
    }
  };
  walk('', 0);
  for (const territory of all) if (!seen.has(territory.id)) found.push({ territory, depth: 0 });
  return found;
}

const rangeText = (r: PostalRange) => `${r.country} ${r.from}${r.to && r.to !== r.from ? `–${r.to}` : ''}`;

// "DE 10000–19999", one a line or behind a comma.
export function rangesOf(text: string): { country: string; from: string; to?: string }[] {
  return text.split(/[\n,;]/).flatMap((line) => {
    const [, country, from, to] = /^\s*(\S+)\s+([^\s–—-]+)\s*(?:[–—-]\s*(\S+))?\s*$/.exec(line) ?? [];
    return country && from ? [{ country, from, ...(to ? { to } : {}) }] : [];
  });
}
export const rangesText = (ranges: PostalRange[]) => ranges.map(rangeText).join('\n');

// What of a rule is in words: lists and limits.
export function partsOf(rule: TerritoryRule): string[][] {
  return [rule.countries, rule.states, rule.postalCodes.map(rangeText), rule.industries, rule.companies].filter((list) => list.length > 0);
}

const bare = (code: string) => code.normalize('NFKC').replace(/[\s-]/g, '').toUpperCase();

function isIn({ country, from, to }: PostalRange, place: { country: string; postalCode: string }): boolean {
  const first = bare(from);
  const code = bare(place.postalCode).slice(0, first.length);
  return bare(country) === bare(place.country) && code.length === first.length && code >= first && code <= (to ? bare(to) : first);
}

// In which of the territories a place lies by its postal code: the deepest.
export function territoryOf(tree: Leaf[], place: { country: string; postalCode: string }): Territory | undefined {
  const fits = tree.filter(({ territory }) => territory.rules.some((rule) => rule.postalCodes.some((range) => isIn(range, place))));
  return fits.sort((a, b) => b.depth - a.depth || b.territory.priority - a.territory.priority)[0]?.territory;
}
