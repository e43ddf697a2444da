// What a list of customers shows stands in the address: words, filters, order, columns, and who is looked at.
import { SearchOrder } from '../gen/baton/v1/search_pb';

export interface ListSearch {
  q?: string;
  owner?: string;
  type?: string;
  order?: 'name' | 'newest';
  columns?: string;
  view?: string;
  peek?: string;
}

const TEXTS = ['q', 'owner', 'type', 'columns', 'view', 'peek'] as const;

export function checkListSearch(search: { [name: string]: unknown }): ListSearch {
  const found: ListSearch = {};
  for (const name of TEXTS) {
    const value = search[name];
    if ((typeof value === 'string' || typeof value === 'number') && String(value)) found[name] = String(value);
  }
  if (search.order === 'name' || search.order === 'newest') found.order = search.order;
  return found;
}

const ORDERS = { name: SearchOrder.NAME, newest: SearchOrder.NEWEST };

// As the server is asked, and as a saved view keeps it.
export function searchOf(s: ListSearch, language: string) {
  const filters = [...(s.owner ? [{ field: 'owner_id', values: [s.owner] }] : []), ...(s.type ? [{ field: 'type', values: [s.type] }] : [])];
  const order = s.order ?? (s.q ? undefined : 'newest');
  return { query: s.q, filters, order: order && ORDERS[order], language };
}

interface SavedSearch {
  query: string;
  filters: { field: string; values: string[] }[];
  order: SearchOrder;
}

export function fromSaved(search: SavedSearch | undefined, columns: string[], view: string): ListSearch {
  const filter = (name: string) => search?.filters.find((f) => f.field === name)?.values[0];
  return checkListSearch({
    q: search?.query, owner: filter('owner_id'), type: filter('type'), columns: columns.join(','), view,
    order: search?.order === SearchOrder.NAME ? 'name' : search?.order === SearchOrder.NEWEST ? 'newest' : undefined,
  });
}

// Whether what is looked at is still what was saved.
export const isSame = (a: ListSearch, b: ListSearch) => (['q', 'owner', 'type', 'order', 'columns'] as const).every((k) => (a[k] ?? '') === (b[k] ?? ''));
