// Lines of a quote as they are typed, and as they are wished for.
import type { QuoteLine } from '../gen/baton/v1/quotes_pb';
import { QuoteStatus } from '../gen/baton/v1/quotes_pb';

export interface Draft {
  key: number;
  productId: string;
  quantity: string;
  discounts: string;
  note: string;
}

export interface Wish {
  productId: string;
  quantityE4: bigint;
  discountsE4: bigint[];
  note?: string;
}

const E4 = 4;

// "1,5" or "1.5" as ten-thousandths; undefined: it is no number.
export function e4Of(text: string): bigint | undefined {
  const [, whole = '', part = ''] = /^(\d{1,9})(?:[.,](\d{1,4}))?$/.exec(text.trim()) ?? [];
  return whole ? BigInt(whole + part.padEnd(E4, '0')) : undefined;
}

export function textOf(e4: bigint): string {
  const text = String(e4).padStart(E4 + 1, '0');
  const part = text.slice(-E4).replace(/0+$/, '');
  return `${text.slice(0, -E4)}${part ? `.${part}` : ''}`;
}

// "10 + 5": one after another.
export function discountsOf(text: string): bigint[] | undefined {
  const parts = text.split('+').map((p) => p.replace('%', '').trim()).filter(Boolean).map(e4Of);
  return parts.every((p) => p !== undefined) ? (parts as bigint[]) : undefined;
}

export const draftOf = (line: QuoteLine, key: number): Draft => (
  { key, productId: line.productId, quantity: textOf(line.quantityE4), discounts: line.discountsE4.map(textOf).join(' + '), note: line.note });

export const emptyLine = (key: number): Draft => ({ key, productId: '', quantity: '1', discounts: '', note: '' });

export type Fault = { key: number; field: 'quantity' | 'discounts' };

// What is asked of the server, or which cell cannot be read. A line without a product is not there yet.
export function wishesOf(drafts: Draft[]): { wishes: Wish[]; keys: number[]; faults: Fault[] } {
  const wishes: Wish[] = [];
  const keys: number[] = [];
  const faults: Fault[] = [];
  for (const { key, productId, quantity, discounts, note } of drafts.filter((d) => d.productId)) {
    const quantityE4 = e4Of(quantity);
    const discountsE4 = discountsOf(discounts);
    if (!quantityE4) faults.push({ key, field: 'quantity' });
    if (!discountsE4) faults.push({ key, field: 'discounts' });
    if (!quantityE4 || !discountsE4) continue;
    wishes.push({ productId, quantityE4, discountsE4, ...(note ? { note } : {}) });
    keys.push(key);
  }
  return { wishes, keys, faults };
}

// "line 2: there is no price" belongs to the second line that was asked for; undefined: it is about the whole.
export function lineOf(message: string): { at: number; text: string } | undefined {
  const [, line, text] = /^line (\d+): (.*)$/s.exec(message) ?? [];
  return line ? { at: Number(line) - 1, text: text ?? '' } : undefined;
}

export const mayChange = (status: QuoteStatus) => status === QuoteStatus.DRAFT || status === QuoteStatus.IN_APPROVAL;
export const isLast = (status: QuoteStatus) => [QuoteStatus.ACCEPTED, QuoteStatus.DECLINED, QuoteStatus.EXPIRED, QuoteStatus.SUPERSEDED].includes(status);
