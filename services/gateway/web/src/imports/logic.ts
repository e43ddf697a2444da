// What each column of a list is to a contact or an account, and a row as it is sent.
import type { MessageInitShape } from '@bufbuild/protobuf';
import { KINDS, ACCOUNT_TYPES, type Kind } from '../customers/kinds';
import { AccountType } from '../gen/baton/v1/contacts_pb';
import type { ImportRowSchema } from '../gen/baton/v1/contact_lists_pb';
import { COMPANY, FULL_NAME, known, normal } from './words';

export interface Row {
  line: number;
  cells: string[];
  // Why it cannot be read.
  problem?: string;
}

export interface Table {
  columns: string[];
  rows: Row[];
  form: 'csv' | 'json' | 'vcard';
}

export type ImportRow = MessageInitShape<typeof ImportRowSchema>;

const PARTS = ['street', 'city', 'state', 'postalCode', 'country'];
const OWN = ['batonreason', 'batonline'];

// Everything a column can be: names of fields, those of an address with a dot.
export function targetsOf(kind: Kind): string[] {
  const fields = KINDS[kind].fields.filter((f) => f.kind !== 'account').flatMap((f) => (f.kind === 'address' ? PARTS.map((p) => `${f.name}.${p}`) : f.name));
  return kind === 'contact' ? [FULL_NAME, ...fields, COMPANY, 'externalId'] : [...fields, 'externalId'];
}

// One target a column, '' for none; of two columns that could be the same the first is.
export function guess(columns: string[], kind: Kind): string[] {
  const targets = targetsOf(kind);
  const byName = new Map(targets.map((t) => [normal(t), t]));
  const wished = columns.map((column) => {
    const name = normal(column);
    return OWN.includes(name) ? '' : (byName.get(name) ?? known(column)?.[kind === 'contact' ? 0 : 1] ?? '');
  });
  const isNamed = wished.includes('firstName') || wished.includes('lastName');
  return wished.map((t, i) => (wished.indexOf(t) !== i || !targets.includes(t) || (t === FULL_NAME && isNamed) ? '' : t));
}

// A column has become something: no other is that any more.
export const chosen = (targets: string[], at: number, target: string) => targets.map((t, i) => (i === at ? target : t === target ? '' : t));

// "Ada van Dyke" and "van Dyke, Ada"; one word is a last name.
export function nameOf(text: string): { firstName?: string; lastName: string } {
  const [, last, given] = /^([^,]+),\s*(.*)$/.exec(text.trim()) ?? [];
  if (last) return { lastName: last, ...(given ? { firstName: given } : {}) };
  const words = text.trim().split(/\s+/);
  const lastName = words.pop() ?? '';
  return { lastName, ...(words.length > 0 ? { firstName: words.join(' ') } : {}) };
}

// A spreadsheet's apostrophe in front of what could be a formula goes.
export const bare = (cell: string) => (/^'+[=+\-@\t\r]/.test(cell) ? cell.slice(1) : cell);

const dayOf = (text: string) => {
  const [, day, month, year] = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/.exec(text) ?? [];
  return year ? `${year}-${month?.padStart(2, '0')}-${day?.padStart(2, '0')}` : text.replace(/^(\d{4})[/.]?(\d{2})[/.]?(\d{2})$/, '$1-$2-$3');
};

const YES = ['yes', 'true', '1', 'y', 'x', 'ja', '是'];
const NO = ['no', 'false', '0', 'n', 'nein', '否'];
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export type People = (nameOrEmail: string) => string | undefined;

// What a cell says, or why it cannot be taken.
class Unfit extends Error {
  constructor(readonly target: string, readonly why: 'number' | 'yes' | 'type' | 'person') {
    super(why);
  }
}

function wholeOf(text: string, target: string) {
  const digits = text.replace(/[\s'’.,](?=\d{3}(\D|$))/g, '');
  if (!/^\d{1,18}$/.test(digits)) throw new Unfit(target, 'number');
  return BigInt(digits);
}

function yesOf(text: string, target: string) {
  const word = text.toLowerCase();
  if (!YES.includes(word) && !NO.includes(word)) throw new Unfit(target, 'yes');
  return YES.includes(word);
}

function typeOf(text: string, target: string) {
  const word = normal(text).replace(/^accounttype/, '');
  const type = ACCOUNT_TYPES.find((t) => AccountType[t]?.toLowerCase() === word);
  if (type === undefined) throw new Unfit(target, 'type');
  return type;
}

function ownerOf(text: string, target: string, people: People) {
  const id = people(text);
  if (!id) throw new Unfit(target, 'person');
  return id;
}

function valueOf(target: string, text: string, people: People): unknown {
  if (target === 'annualRevenue' || target === 'numberOfEmployees') return wholeOf(text, target);
  if (target === 'isKeyAccount') return yesOf(text, target);
  if (target === 'type') return typeOf(text, target);
  if (target === 'ownerId') return ownerOf(text, target, people);
  if (target === 'tags') return text.split(/[;,]/).map((tag) => tag.trim()).filter(Boolean);
  if (target === 'birthday') return dayOf(text);
  if (target === 'externalId') return UUID.test(text) ? `urn:uuid:${text}` : text;
  return text;
}

export interface Choices {
  kind: Kind;
  targets: string[];
  form: Table['form'];
  // Of rows that name nobody.
  ownerId?: string;
}

export type Fit = { row: ImportRow; unfit?: undefined } | { row?: undefined; unfit: { target: string; why: string } };

function fill(record: { [name: string]: unknown }, target: string, text: string, people: People) {
  const [outer = '', inner] = target.split('.');
  if (target === FULL_NAME) Object.assign(record, nameOf(text));
  else if (inner) record[outer] = { ...(record[outer] as object), [inner]: text };
  else record[outer] = valueOf(target, text, people);
}

export function rowOf({ kind, targets, form, ownerId }: Choices, row: Row, people: People): Fit {
  const record: { [name: string]: unknown } = {};
  let accountName: string | undefined;
  try {
    targets.forEach((target, i) => {
      const text = (form === 'csv' ? bare(row.cells[i] ?? '') : (row.cells[i] ?? '')).trim();
      if (!target || !text) return;
      if (target === COMPANY) accountName = text;
      else fill(record, target, text, people);
    });
  } catch (error) {
    if (error instanceof Unfit) return { unfit: { target: error.target, why: error.why } };
    throw error;
  }
  if (!record.ownerId && ownerId) record.ownerId = ownerId;
  return { row: { [kind]: record, ...(accountName ? { accountName } : {}) } as ImportRow };
}

// What a row is known by, as far as one sees here; a preview keeps nothing that a later row could be the same as.
export function keyOf({ contact, account }: ImportRow): string | undefined {
  const text = contact?.externalId || contact?.email || account?.externalId || (account?.phone ? undefined : account?.name);
  return text?.trim().toLowerCase();
}
