// Two records side by side: which is kept, what of the other it takes, and where they differ.
import { snake } from '../api/names';
import { type Customer, type Field, KINDS, type Kind, of } from '../customers/kinds';
import { msOf } from '../i18n/format';

export type Side = 0 | 1;
export type Pair = [Customer, Customer];

const plain = (_: string, value: unknown) => (typeof value === 'bigint' ? String(value) : value);
const said = (value: unknown) => (value === undefined || value === '' || value === 0 || value === 0n || value === false ? '' : JSON.stringify(value, plain));
export const isSaid = (record: Customer, field: Field) => !['', '[]', '{}'].includes(said(of(record, field.name)));

export interface Compared {
  field: Field;
  isSame: boolean;
  // Only one of them says something.
  only?: Side;
}

export function compared(kind: Kind, [a, b]: Pair): Compared[] {
  return KINDS[kind].fields.filter((f) => isSaid(a, f) || isSaid(b, f)).map((field) => ({
    field,
    isSame: said(of(a, field.name)).toLowerCase() === said(of(b, field.name)).toLowerCase(),
    ...(isSaid(a, field) && isSaid(b, field) ? {} : { only: isSaid(a, field) ? 0 as const : 1 as const }),
  }));
}

// The one of which more is known; of two alike the older.
export function keeperOf(kind: Kind, pair: Pair): Side {
  const [a, b] = pair.map((r) => KINDS[kind].fields.filter((f) => isSaid(r, f)).length) as [number, number];
  if (a !== b) return a > b ? 0 : 1;
  return msOf(pair[0].createdAt) <= msOf(pair[1].createdAt) ? 0 : 1;
}

export type Picks = { [field: string]: Side };

// Of each field, whose value it will be: what was picked, else the keeper's, else the only one there is.
export const pickOf = ({ field, only }: Compared, keep: Side, picks: Picks): Side => picks[field.name] ?? only ?? keep;

// The fields that the one kept takes from the other, as the schema names them.
export const takesOf = (rows: Compared[], keep: Side, picks: Picks): string[] =>
  rows.filter((row) => !row.isSame && pickOf(row, keep, picks) !== keep).map((row) => snake(row.field.name));

// "billing_address.city" is mended in the field of the address.
export function fieldOf(kind: Kind, path: string): Field | undefined {
  const name = (path.split('.')[0] ?? '').replace(/_(.)/g, (_, c: string) => c.toUpperCase());
  return KINDS[kind].fields.find((f) => f.name === name);
}
