// What a page knows of documents without asking anybody: days, sizes, who is meant.
import { type Document, type DocumentReaders, type DocumentRevision, DocumentStatus, DocumentType, RevisionStatus } from '../gen/baton/v1/documents_pb';
import type { Role } from '../gen/baton/v1/options_pb';
import type { DocumentShare } from '../gen/baton/v1/shares_pb';
import { msOf } from '../i18n/format';
import { DAYS, type Day, type DocumentsSearch } from './search';

export const SOON_DAYS = 90;
const URGENT_DAYS = 14;
const DAY_MS = 86_400_000;

export const TYPES = [DocumentType.CONTRACT, DocumentType.NDA, DocumentType.POLICY, DocumentType.PRICE_LIST, DocumentType.BROCHURE, DocumentType.PROPOSAL, DocumentType.OTHER];
export const STATUSES = [DocumentStatus.DRAFT, DocumentStatus.ACTIVE, DocumentStatus.SUPERSEDED, DocumentStatus.EXPIRED];

// As the schema names them, for filters.
export const typeName = (type: DocumentType) => `DOCUMENT_TYPE_${DocumentType[type]}`;
export const statusName = (status: DocumentStatus) => `DOCUMENT_STATUS_${DocumentStatus[status]}`;

export const FIELD = { effective_on: 'effectiveOn', expires_on: 'expiresOn', renewal_on: 'renewalOn', notice_on: 'noticeOn' } as const satisfies { [day in Day]: keyof Document };

// Days count in UTC, as the server has it.
export const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 10);
export const msOfDay = (day: string) => new Date(`${day}T12:00:00`).getTime();
export const daysUntil = (day: string, now: number) => Math.round((Date.parse(`${day}T00:00:00Z`) - Date.parse(`${dayOf(now)}T00:00:00Z`)) / DAY_MS);

export interface Next {
  day: Day;
  on: string;
  left: number;
  isUrgent: boolean;
}

// Which of its days is the next; of one that is in force or still to come only what ends it or asks for something.
export function nextDay(d: Document, now: number): Next | undefined {
  if (d.status === DocumentStatus.SUPERSEDED) return undefined;
  return DAYS.map((day) => ({ day, on: d[FIELD[day]] })).filter(({ on }) => on)
    .map(({ day, on }) => ({ day, on, left: daysUntil(on, now), isUrgent: day !== 'effective_on' && daysUntil(on, now) <= URGENT_DAYS }))
    .filter(({ left }) => left >= 0).sort((a, b) => a.left - b.left)[0];
}

// As the server is asked.
export function askedOf(s: DocumentsSearch, now: number) {
  const filters = [['type', s.type], ['status', s.status], ['owner_id', s.owner], ['account_ids', s.account]].flatMap(([field, value]) => (field && value ? [{ field, values: [value] }] : []));
  return {
    search: { query: s.q, filters },
    ...(s.day ? { dayField: s.day, dayFrom: dayOf(now), dayBefore: dayOf(now + SOON_DAYS * DAY_MS) } : {}),
  };
}

// Of words in the text: type, status and account, as lists have them.
export const filtersOf = (s: DocumentsSearch) => [['type', s.type], ['status', s.status], ['account_ids', s.account]].flatMap(([field, value]) => (field && value ? [{ field, values: [value] }] : []));

// A text with what is marked in it; the server counts bytes.
export function partsOf(text: string, marks: { at: number; size: number }[]): { text: string; isMarked: boolean }[] {
  const bytes = new TextEncoder().encode(text);
  const read = new TextDecoder();
  const parts: { text: string; isMarked: boolean }[] = [];
  let from = 0;
  const add = (until: number, isMarked: boolean) => {
    if (until > from) parts.push({ text: read.decode(bytes.subarray(from, until)), isMarked });
    from = Math.max(from, until);
  };
  for (const { at, size } of [...marks].sort((a, b) => a.at - b.at)) {
    add(at, false);
    add(at + size, true);
  }
  add(bytes.length, false);
  return parts;
}

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'];

export function sizeText(bytes: bigint, language: string): string {
  const at = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(1, Number(bytes))) / 3));
  return new Intl.NumberFormat(language, { style: 'unit', unit: UNITS[at], unitDisplay: 'short', maximumSignificantDigits: 3 }).format(Number(bytes) / 1000 ** at);
}

// "Price list 2026.pdf" is called "Price list 2026".
export const titleOf = (fileName: string) => fileName.replace(/\.[A-Za-z0-9]{1,5}$/, '').replaceAll('_', ' ').trim() || fileName;

// Whether somebody still has to say if it is good.
export const isAsked = (r: DocumentRevision, me: string) =>
  r.status === RevisionStatus.IN_REVIEW && r.reviewerIds.includes(me) && !r.approvedByIds.includes(me);

// "all", "role:3", "team:ID", as a list to choose from has it.
export function chosenOf(readers: DocumentReaders | undefined): string[] {
  if (!readers) return [];
  return [...(readers.all ? ['all'] : []), ...readers.roles.map((r) => `role:${r}`), ...readers.teamIds.map((id) => `team:${id}`)];
}

export function readersOf(chosen: string[]): { all?: boolean; roles: Role[]; teamIds: string[] } | undefined {
  if (chosen.length === 0) return undefined;
  const behind = (what: string) => chosen.filter((c) => c.startsWith(what)).map((c) => c.slice(what.length));
  return { all: chosen.includes('all') || undefined, roles: behind('role:').map(Number), teamIds: behind('team:') };
}

export const LINK_DAYS = 30;
export const untilOf = (days: number, now: number) => now + days * DAY_MS;

// Why nobody can open a link any more.
export function endOf(share: DocumentShare, now: number): 'revoked' | 'over' | 'used' | undefined {
  if (share.revokedAt) return 'revoked';
  if (msOf(share.expiresAt) <= now) return 'over';
  return share.maxViews > 0 && share.views >= share.maxViews ? 'used' : undefined;
}
