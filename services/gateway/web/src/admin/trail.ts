// Who did what: how it is asked for, and how it is said.
import { create } from '@bufbuild/protobuf';
import Papa from 'papaparse';
import { client } from '../api/client';
import { type AuditEntry, AuditFilterSchema, SystemService } from '../gen/baton/v1/system_pb';
import { msOf, timestampOf } from '../i18n/format';
import { FORMULA } from '../ui/save';
import type { AdminSearch } from './search';

const system = client(SystemService);
const PAGE = 50;
const LARGE = 200;
// Where little is found, pages of the server may be empty: so many are asked for before one is shown.
const ASKED = 10;
export const EXPORTED = 10_000;

// Kinds that can be chosen; others are seen all the same.
export const KINDS = ['account', 'contact', 'lead', 'opportunity', 'quote', 'document', 'activity', 'note', 'user', 'team', 'credential', 'territory', 'policy', 'pipeline', 'product', 'price_book', 'price_book_entry',
  'discount_limit', 'custom_field', 'organisation', 'webhook_endpoint', 'mail_account', 'plan', 'quota', 'record_share', 'consent'];

// Days begin and end by the reader's clock; the last one is meant, too.
const startOf = (day: string, later = 0) => {
  const [year, month, date] = day.split('-').map(Number);
  return timestampOf(new Date(year, month - 1, date + later).getTime());
};

export const filterOf = (s: AdminSearch) => create(AuditFilterSchema, {
  ...(s.user ? { userId: s.user } : {}), ...(s.type ? { recordType: s.type } : {}), ...(s.record ? { recordId: s.record } : {}),
  ...(s.from ? { from: startOf(s.from) } : {}), ...(s.to ? { to: startOf(s.to, 1) } : {}), ...(s.services ? { byServices: true } : {}),
});

export interface TrailPage {
  entries: AuditEntry[];
  next: string;
  since: number;
}

// As many pages of the server as it takes until something is there, within bounds.
export async function askTrail(search: AdminSearch, pageToken: string, signal: AbortSignal, wanted = 1, pageSize = PAGE): Promise<TrailPage> {
  const page: TrailPage = { entries: [], next: pageToken, since: NaN };
  for (let asked = 0; asked < ASKED; asked++) {
    const answer = await system.listAudit({ filter: filterOf(search), pageSize, ...(page.next ? { pageToken: page.next } : {}) }, { signal });
    page.entries.push(...answer.entries);
    page.next = answer.nextPageToken;
    page.since = msOf(answer.lookedAtSince);
    if (!page.next || page.entries.length >= wanted) break;
  }
  return page;
}

// All of it, up to so many; the rest is said to be missing.
export async function askAll(search: AdminSearch, signal: AbortSignal): Promise<{ entries: AuditEntry[]; isCut: boolean }> {
  const entries: AuditEntry[] = [];
  let next = '';
  do {
    const page = await askTrail(search, next, signal, LARGE, LARGE);
    entries.push(...page.entries);
    next = page.next;
  } while (next && entries.length < EXPORTED);
  return { entries: entries.slice(0, EXPORTED), isCut: next !== '' || entries.length > EXPORTED };
}

// "account.updated" is said by what was done; all else by its own name, or by what that name says.
export function wordOf(event: string): { key: string; plain: string } {
  const [, done] = /^[a-z_]+\.(created|updated|deleted)$/.exec(event) ?? [];
  const name = event.replaceAll('.', '_');
  return { key: done ? `audit.did.${done}` : `audit.event.${name}`, plain: name.replaceAll('_', ' ') };
}

export const csvOf = (entries: AuditEntry[], head: string[], nameOf: (userId: string) => string): string =>
  Papa.unparse([head, ...entries.map((e) => [new Date(msOf(e.at)).toISOString(), nameOf(e.userId), e.userId, e.service, e.event, e.recordType, e.recordId, e.fields.join(' '), e.times || '', e.sessionId, `${e.service}:${e.seq}`])],
    { quotes: true, escapeFormulae: FORMULA });
