// How numbers of the catalogue are written and typed, what is valid when, and what of a record was changed.
import { amountOf, digitsOf, majorOf } from '../i18n/money';
import { e4Of, textOf } from '../quotes/logic';
import type { Field, FieldKind } from './kinds';

export type Values = { [name: string]: unknown };
export interface Row extends Values {
  id: string;
  revision: bigint;
}

export type Valid = 'now' | 'later' | 'over';

export function validOf(row: Values, today: string): Valid {
  if (row.supersededById) return 'over';
  if (row.validFrom && String(row.validFrom) > today) return 'later';
  return row.validTo && String(row.validTo) < today ? 'over' : 'now';
}

const E9 = 1_000_000_000;
const plain = (n: number) => String(Number(n.toPrecision(15)));

// As it is typed.
export function typedOf(kind: FieldKind, value: unknown, currency: string): string {
  if (value === undefined || value === null) return '';
  if (kind === 'percent' || kind === 'quantity') return textOf(value as bigint);
  if (kind === 'rate') return plain(Number(value) / E9);
  if (kind === 'price') return plain(majorOf({ currencyCode: currency, minorUnits: value as bigint }));
  return String(value);
}

const decimal = (text: string) => (/^\d{1,13}([.,]\d{1,9})?$/.test(text) ? Number(text.replace(',', '.')) : undefined);

// As the record has it; undefined: nothing was typed; null: it cannot be read.
export function readOf(kind: FieldKind, typed: string, currency: string): unknown {
  const text = typed.trim();
  if (!text) return undefined;
  if (kind === 'percent' || kind === 'quantity') return e4Of(text.replace(/%$/, '').trim()) ?? null;
  if (kind === 'rate') {
    const n = decimal(text);
    return n ? BigInt(Math.round(n * E9)) : null;
  }
  if (kind === 'price') {
    const n = decimal(text);
    const isFine = n !== undefined && (text.split(/[.,]/)[1]?.length ?? 0) <= digitsOf(currency);
    return isFine ? amountOf(currency, n).minorUnits : null;
  }
  if (kind === 'currency') return /^[A-Za-z]{3}$/.test(text) ? text.toUpperCase() : null;
  if (kind === 'day') return /^\d{4}-\d\d-\d\d$/.test(text) ? text : null;
  return text;
}

const shown = (value: unknown) => JSON.stringify(value, (_, v) => (typeof v === 'bigint' ? String(v) : v)) ?? '';

// Only what became another.
export function changesOf(fields: Field[], before: Values, now: Values): Values {
  return Object.fromEntries(fields.filter((f) => !f.isFixed && shown(before[f.name]) !== shown(now[f.name])).map((f) => [f.name, now[f.name]]));
}

export const isFound = (row: Values, words: string) => words.toLowerCase().split(/\s+/).every((w) => Object.values(row).some((v) => typeof v === 'string' && v.toLowerCase().includes(w)));
