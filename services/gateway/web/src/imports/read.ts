// A file as a table: CSV with whatever delimiter, JSON lines, vCards.
import ICAL from 'ical.js';
import Papa from 'papaparse';
import type { Row, Table } from './logic';
import { FORMULA } from '../ui/save';

export const FILE_MAX = 32 << 20;
export const CHARSETS = ['utf-8', 'windows-1252', 'big5', 'gb18030', 'shift_jis', 'iso-8859-2'] as const;

// Why a file cannot be read at all: a key of imports.unreadable.
export class Unreadable extends Error {}

const OTHERS: [string, string][] = [['PK\u0003\u0004', 'spreadsheet'], ['%PDF', 'pdf'], ['<', 'markup'], ['[', 'array']];

export function charsetOf(bytes: Uint8Array, language: string): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return 'utf-8';
  } catch {
    return language.startsWith('zh') ? 'big5' : 'windows-1252';
  }
}

function csv(text: string): Table {
  const { data } = Papa.parse<string[]>(text, { skipEmptyLines: 'greedy' });
  const [columns = [], ...rows] = data;
  return { form: 'csv', columns, rows: rows.map((cells, i) => ({ line: i + 2, cells, ...(cells.length > columns.length ? { problem: 'cells' } : {}) })) };
}

function flat(value: unknown, name: string, out: Map<string, string>) {
  if (Array.isArray(value)) out.set(name, value.map(String).join('; '));
  else if (value && typeof value === 'object') for (const [key, inner] of Object.entries(value)) flat(inner, name ? `${name}.${key}` : key, out);
  else if (value !== null && value !== undefined) out.set(name, String(value));
}

function json(text: string): Table {
  const columns: string[] = [];
  const lines = text.split('\n').map((content, i) => ({ content, line: i + 1 })).filter(({ content }) => content.trim());
  const rows = lines.map(({ content, line }): Row => {
    const found = new Map<string, string>();
    try {
      flat(JSON.parse(content), '', found);
    } catch {
      return { line, cells: [content], problem: 'json' };
    }
    for (const name of found.keys()) if (!columns.includes(name)) columns.push(name);
    return { line, cells: columns.map((name) => found.get(name) ?? '') };
  });
  return { form: 'json', columns, rows };
}

const CARD_COLUMNS = ['Last name', 'First name', 'Salutation', 'Full name', 'Company', 'Department', 'Title', 'E-mail', 'Phone', 'Mobile', 'Street', 'City', 'State',
  'Postal code', 'Country', 'Birthday', 'Website', 'Tags', 'UID'];

const textOf = (value: unknown): string => (Array.isArray(value) ? value.map(textOf).filter(Boolean).join(' ') : String(value ?? ''));

function card(source: string): string[] {
  const it = new ICAL.Component(ICAL.parse(source) as ConstructorParameters<typeof ICAL.Component>[0]);
  const one = (name: string) => it.getFirstPropertyValue(name) as unknown;
  const parts = (name: string) => [one(name) ?? []].flat().map(textOf);
  const typesOf = (p: InstanceType<typeof ICAL.Property>) => [p.getParameter('type') ?? []].flat().map((t) => t.toLowerCase());
  const tels = it.getAllProperties('tel').map((p) => ({ types: typesOf(p), number: textOf(p.getFirstValue()).replace(/^tel:/, '') }));
  const mobile = tels.find((tel) => tel.types.includes('cell'))?.number ?? '';
  const phone = tels.find((tel) => !tel.types.includes('cell') && !tel.types.includes('fax'))?.number ?? '';
  const [family = '', given = '', , prefix = ''] = parts('n');
  const [company = '', department = ''] = parts('org');
  const [, , street = '', city = '', state = '', code = '', country = ''] = parts('adr');
  const fn = textOf(one('fn'));
  const tags = it.getAllProperties('categories').flatMap((p) => p.getValues().map(textOf)).join('; ');
  return [family, given, prefix, family || given ? '' : fn, company || (family || given ? '' : fn), department, textOf(one('title')), textOf(one('email')), phone, mobile,
    street, city, state, code, country, textOf(one('bday')), textOf(one('url')), tags, textOf(one('uid'))];
}

// Without the columns in which nothing stands.
function used({ form, columns, rows }: Table): Table {
  const some = columns.map((_, i) => rows.some((row) => !row.problem && row.cells[i]));
  const keep = <T>(list: T[]) => list.filter((_, i) => some[i]);
  return { form, columns: keep(columns), rows: rows.map((row) => (row.problem ? row : { ...row, cells: keep(row.cells) })) };
}

function cards(text: string): Table {
  const rows = [...text.matchAll(/BEGIN:VCARD[\s\S]*?(END:VCARD|$(?![\s\S]))/gi)].map(([source], i): Row => {
    if (/^VERSION:2\.1/im.test(source)) return { line: i + 1, cells: [source], problem: 'card21' };
    try {
      return { line: i + 1, cells: card(source) };
    } catch {
      return { line: i + 1, cells: [source], problem: 'card' };
    }
  });
  return used({ form: 'vcard', columns: CARD_COLUMNS, rows });
}

export function tableOf(bytes: Uint8Array, charset: string): Table {
  const text = new TextDecoder(charset).decode(bytes);
  const begin = text.trimStart();
  const other = OTHERS.find(([mark]) => begin.startsWith(mark));
  if (other) throw new Unreadable(other[1]);
  const table = /^BEGIN:VCARD/i.test(begin) ? cards(text) : begin.startsWith('{') ? json(text) : csv(text);
  if (table.rows.length === 0) throw new Unreadable('empty');
  return table;
}

// Rows with the reason, as they came: to be mended and brought in again.
export const csvOf = (columns: string[], rows: { row: Row; reason: string }[]): string => Papa.unparse(
  { fields: [...columns, 'baton_reason', 'baton_line'], data: rows.map(({ row, reason }) => [...columns.map((_, i) => row.cells[i] ?? ''), reason, String(row.line)]) },
  { quotes: true, escapeFormulae: FORMULA });
