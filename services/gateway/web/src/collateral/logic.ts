// What a page knows of printed material without asking anybody: what is left, what can be done with an order, months of costs.
import Papa from 'papaparse';
import { type CollateralCost, type CollateralLine, type CollateralOrder, CollateralOrderStatus, type StockBalance, type StockPlace } from '../gen/baton/v1/collateral_pb';
import { FORMULA } from '../ui/save';

// What nobody has set aside.
export const looseOf = (balance?: StockBalance) => (balance ? Number(balance.onHand - balance.picked) : 0);

// Of a picture of what is left: how much of it is filled, and where it begins to be little.
const ROOM = 3;
export const partsOf = (left: number, low: number) => ({ filled: Math.min(100, Math.round((left / (low * ROOM)) * 100)), mark: Math.round(100 / ROOM) });

export interface Basket {
  itemId: string;
  quantity: number;
}

// One line an item: what was there already becomes more.
export const withItem = (basket: Basket[], itemId: string, quantity = 1): Basket[] => (basket.some((b) => b.itemId === itemId)
  ? basket.map((b) => (b.itemId === itemId ? { ...b, quantity: b.quantity + quantity } : b)) : [...basket, { itemId, quantity }]);

const sum = (o: CollateralOrder, of: (line: CollateralLine) => number) => o.lines.reduce((all, line) => all + of(line), 0);
export const openOf = { pick: (l: CollateralLine) => l.approved - l.picked - l.backOrdered, ship: (l: CollateralLine) => l.picked - l.shipped, receive: (l: CollateralLine) => l.shipped - l.received };

export interface Asker {
  id: string;
  isAdmin: boolean;
  isLead: boolean;
}

export const keeps = (me: Asker, place?: StockPlace) => me.isAdmin || (place?.keeperIds.includes(me.id) ?? false);

export type Act = 'approve' | 'reject' | 'pick' | 'ship' | 'receive' | 'cancel';

// What may be done next; the server has the last word on who stands above whom.
export function actsOf(o: CollateralOrder, me: Asker, place?: StockPlace): Act[] {
  const isKeeper = keeps(me, place) && o.desk === o.placeId;
  const isInCharge = o.ownerId === me.id || me.isLead;
  const waits = o.status === CollateralOrderStatus.WAITING;
  const may: [Act, boolean][] = [
    ['approve', waits && me.isLead && o.ownerId !== me.id], ['reject', waits && me.isLead && o.ownerId !== me.id],
    ['pick', isKeeper && sum(o, openOf.pick) > 0], ['ship', isKeeper && sum(o, openOf.ship) > 0],
    ['receive', isInCharge && sum(o, openOf.receive) > 0], ['cancel', isInCharge && o.desk !== ''],
  ];
  return may.filter(([, yes]) => yes).map(([act]) => act);
}

// "2026-03" of a month that is counted from the year 0 on.
export const monthText = (month: bigint) => `${month / 12n}-${String((month % 12n) + 1n).padStart(2, '0')}`;

export interface CostSum {
  of: string;
  currencyCode: string;
  units: bigint;
  minorUnits: bigint;
  months: CollateralCost[];
}

// Each campaign or team once, a line a currency; the most expensive first.
export function byName(costs: CollateralCost[]): CostSum[] {
  const found = new Map<string, CostSum>();
  for (const cost of costs) {
    const key = `${cost.currencyCode} ${cost.of}`;
    const before = found.get(key) ?? { of: cost.of, currencyCode: cost.currencyCode, units: 0n, minorUnits: 0n, months: [] };
    found.set(key, { ...before, units: before.units + cost.units, minorUnits: before.minorUnits + cost.minorUnits, months: [...before.months, cost] });
  }
  return [...found.values()].sort((a, b) => Number(b.minorUnits - a.minorUnits) || a.of.localeCompare(b.of));
}

export const csvOf = (costs: CollateralCost[], head: string[], nameOf: (of: string) => string, major: (cost: CollateralCost) => number): string =>
  Papa.unparse([head, ...costs.map((c) => [nameOf(c.of), monthText(c.month), Number(c.units), major(c), c.currencyCode])], { quotes: true, escapeFormulae: FORMULA });
