import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { expect, test } from 'vitest';
import { DocumentReadersSchema, DocumentRevisionSchema, DocumentSchema, DocumentStatus, RevisionStatus } from '../gen/baton/v1/documents_pb';
import { Role } from '../gen/baton/v1/options_pb';
import { DocumentShareSchema } from '../gen/baton/v1/shares_pb';
import { askedOf, chosenOf, daysUntil, endOf, filtersOf, isAsked, nextDay, partsOf, readersOf, sizeText, titleOf, untilOf } from './logic';
import { checkDocumentSearch, checkDocumentsSearch } from './search';

const NOW = Date.parse('2026-03-02T23:30:00Z');
const of = (values: object) => create(DocumentSchema, values);

test('an address says no more than there is', () => {
  expect(checkDocumentsSearch({ q: 7, type: 'DOCUMENT_TYPE_NDA', status: 'x', owner: 'me', day: 'title', toRead: 'yes' })).toEqual({ q: '7', type: 'DOCUMENT_TYPE_NDA' });
  expect(checkDocumentsSearch({ day: 'notice_on', toRead: true })).toEqual({ day: 'notice_on', toRead: true });
  expect([{ number: 2 }, { number: 0 }, { number: 1.5 }, {}].map(checkDocumentSearch)).toEqual([{ number: 2 }, {}, {}, {}]);
});

test('what is asked of the server', () => {
  expect(askedOf({ q: 'lease', type: 'DOCUMENT_TYPE_NDA', day: 'expires_on' }, NOW)).toEqual({
    search: { query: 'lease', filters: [{ field: 'type', values: ['DOCUMENT_TYPE_NDA'] }] }, dayField: 'expires_on', dayFrom: '2026-03-02', dayBefore: '2026-05-31',
  });
  expect(askedOf({}, NOW)).toEqual({ search: { query: undefined, filters: [] } });
});

test('the next of its days, counted in UTC', () => {
  expect(daysUntil('2026-03-03', NOW)).toBe(1);
  expect(nextDay(of({ effectiveOn: '2026-01-01', noticeOn: '2026-03-16', expiresOn: '2026-06-30' }), NOW)).toMatchObject({ day: 'notice_on', left: 14, isUrgent: true });
  expect(nextDay(of({ expiresOn: '2026-03-17' }), NOW)).toMatchObject({ left: 15, isUrgent: false });
  expect(nextDay(of({ effectiveOn: '2026-03-03' }), NOW)?.isUrgent).toBe(false);
  expect(nextDay(of({ expiresOn: '2026-03-01' }), NOW)).toBeUndefined();
  expect(nextDay(of({ expiresOn: '2026-03-17', status: DocumentStatus.SUPERSEDED }), NOW)).toBeUndefined();
});

test('sizes and titles', () => {
  expect([0n, 999n, 1500n, 3_000_000n].map((n) => sizeText(n, 'en'))).toEqual(['0 byte', '999 byte', '1.5 kB', '3 MB']);
  expect(['Price_list 2026.pdf', '.env', 'v1.2 notes', 'a.tar.gz'].map(titleOf)).toEqual(['Price list 2026', '.env', 'v1.2 notes', 'a.tar']);
});

test('who still has to say whether it is good', () => {
  const revision = (values: object) => create(DocumentRevisionSchema, { status: RevisionStatus.IN_REVIEW, reviewerIds: ['a', 'b'], ...values });
  expect(isAsked(revision({}), 'a')).toBe(true);
  expect(isAsked(revision({ approvedByIds: ['a'] }), 'a')).toBe(false);
  expect(isAsked(revision({ status: RevisionStatus.REJECTED }), 'a')).toBe(false);
  expect(isAsked(revision({}), 'c')).toBe(false);
});

test('who is to read it, as it is chosen from a list', () => {
  const chosen = ['all', `role:${Role.REP}`, 'team:x'];
  expect(readersOf(chosen)).toEqual({ all: true, roles: [Role.REP], teamIds: ['x'] });
  expect(chosenOf(create(DocumentReadersSchema, readersOf(chosen)))).toEqual(chosen);
  expect([readersOf([]), chosenOf(undefined)]).toEqual([undefined, []]);
});

test('what is marked is counted in bytes', () => {
  const parts = (text: string, marks: [number, number][]) => partsOf(text, marks.map(([at, size]) => ({ at, size }))).map((p) => (p.isMarked ? `[${p.text}]` : p.text)).join('');
  expect(parts('Either party may', [[7, 5]])).toBe('Either [party] may');
  expect(parts('得於三十日前', [[6, 9]])).toBe('得於[三十日]前');
  expect(parts('aéb', [[0, 1], [3, 1]])).toBe('[a]é[b]');
  expect(parts('none', [])).toBe('none');
});

test('text is filtered by type, status and account', () => {
  expect(filtersOf({ q: 'x', type: 'T', owner: 'o', account: 'a' })).toEqual([{ field: 'type', values: ['T'] }, { field: 'account_ids', values: ['a'] }]);
});

test('why a link opens nothing any more', () => {
  const end = (values: object) => endOf(create(DocumentShareSchema, { expiresAt: timestampFromMs(NOW + 1), ...values }), NOW);
  expect([end({}), end({ views: 9 }), end({ views: 1, maxViews: 2 })]).toEqual([undefined, undefined, undefined]);
  expect(end({ expiresAt: timestampFromMs(NOW) })).toBe('over');
  expect(end({ views: 2, maxViews: 2 })).toBe('used');
  expect(end({ views: 2, maxViews: 2, expiresAt: timestampFromMs(NOW), revokedAt: timestampFromMs(NOW) })).toBe('revoked');
  expect(new Date(untilOf(30, NOW)).toISOString()).toBe('2026-04-01T23:30:00.000Z');
});
