// What is looked at of documents, as it stands in the address.
export const DAYS = ['effective_on', 'expires_on', 'renewal_on', 'notice_on'] as const;
export type Day = (typeof DAYS)[number];

export interface DocumentsSearch {
  q?: string;
  // As the schema names them.
  type?: string;
  status?: string;
  owner?: string;
  account?: string;
  // Words are looked for in what documents say, not in their titles.
  inText?: true;
  // Only those that have this day soon, in its order.
  day?: Day;
  // Only what I have to read; nothing else narrows that.
  toRead?: true;
}

const text = (value: unknown, like: RegExp) => (typeof value === 'string' && like.test(value) ? value : undefined);

export function checkDocumentsSearch(search: { [name: string]: unknown }): DocumentsSearch {
  const words = typeof search.q === 'number' ? String(search.q) : text(search.q, /./);
  const found: DocumentsSearch = {
    q: words, type: text(search.type, /^DOCUMENT_TYPE_\w+$/), status: text(search.status, /^DOCUMENT_STATUS_\w+$/), owner: text(search.owner, /^[0-9a-f-]{36}$/), account: text(search.account, /^[0-9a-f-]{36}$/), inText: search.inText === true ? true : undefined,
    day: DAYS.find((d) => d === search.day), toRead: search.toRead === true ? true : undefined,
  };
  return Object.fromEntries(Object.entries(found).filter(([, v]) => v !== undefined));
}

export interface DocumentSearch {
  // Of which revision; absent: the current one, or the newest.
  number?: number;
}

export const checkDocumentSearch = (search: { [name: string]: unknown }): DocumentSearch =>
  (Number.isInteger(search.number) && Number(search.number) > 0 ? { number: Number(search.number) } : {});
