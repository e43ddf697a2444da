// What is looked at of the catalogue, as it stands in the address.
import { KINDS, type Kind } from './kinds';

export interface CatalogueSearch {
  // Absent: products.
  kind?: Kind;
  q?: string;
  // Prices of one book.
  book?: string;
}

export function checkCatalogueSearch(search: { [name: string]: unknown }): CatalogueSearch {
  const kind = KINDS.find((k) => k === search.kind);
  const q = typeof search.q === 'string' || typeof search.q === 'number' ? String(search.q) : '';
  return {
    ...(kind && kind !== 'product' ? { kind } : {}), ...(q ? { q } : {}),
    ...(typeof search.book === 'string' && /^[0-9a-f-]{36}$/.test(search.book) ? { book: search.book } : {}),
  };
}
