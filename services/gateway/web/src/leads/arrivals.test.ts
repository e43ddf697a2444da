import { create } from '@bufbuild/protobuf';
import { expect, test } from 'vitest';
import { Fresh } from '../api/fresh';
import { type Lead, LeadSchema, LeadStatus } from '../gen/baton/v1/leads_pb';
import { bringer, meanwhile, type Open, withLead } from './arrivals';

const lead = (id: string, revision: number, fields: object = {}) =>
  create(LeadSchema, { id, revision: BigInt(revision), status: LeadStatus.ASSIGNED, ownerId: 'me', ...fields });
const list = (...leads: Lead[]): Open => ({ leads, isCut: false, ownerId: 'me' });
const shown = (page?: Open) => page?.leads.map((l) => `${l.id}@${l.revision}`).join(' ');

// A page of the list, and whoever answers what is asked of single leads.
function page(...leads: Lead[]) {
  const client = new Fresh();
  client.setQueryData(['leads', 'me'], list(...leads));
  const asked: { id: string; answer: (found?: Lead) => void; fail: () => void }[] = [];
  const bring = bringer(client, (id) => new Promise((answer, fail) => { asked.push({ id, answer, fail: () => fail(new Error('no')) }); }));
  const now = () => shown(client.getQueryData(['leads', 'me']));
  return { client, asked, bring, now, isStale: () => client.getQueryState(['leads', 'me'])?.isInvalidated };
}
const rest = () => new Promise((done) => { setTimeout(done); });

test('a lead takes its place: once, its newest state, and none when it is done with or somebody else\'s', () => {
  const before = list(lead('1', 3), lead('2', 1));
  expect(shown(withLead(before, lead('3', 1)))).toBe('3@1 1@3 2@1');
  expect(shown(withLead(before, lead('1', 4)))).toBe('1@4 2@1');
  expect(shown(withLead(before, lead('1', 2)))).toBe('1@3 2@1');
  expect(shown(withLead(before, lead('1', 4, { status: LeadStatus.CONVERTED })))).toBe('2@1');
  expect(shown(withLead(before, lead('1', 4, { ownerId: 'you' })))).toBe('2@1');
  expect(withLead(before, lead('3', 1, { ownerId: 'you' }))).toBe(before);
  expect(shown(withLead({ ...before, ownerId: undefined }, lead('3', 1, { ownerId: 'you' })))).toBe('3@1 1@3 2@1');
});

test('what arrives is brought by itself, also into a list that is under way', async () => {
  const { asked, bring, now, isStale } = page(lead('1', 1));
  let answer = (_: Open) => {};
  const next = meanwhile.during(() => new Promise((resolve) => { answer = resolve; }));
  bring.arrived('2');
  asked[0].answer(lead('2', 1));
  await rest();
  expect(now()).toBe('2@1 1@1');
  answer(list(lead('1', 2)));
  expect(shown(await next)).toBe('2@1 1@2');
  expect(isStale()).toBe(false);
});

test('what I may not see any more goes', async () => {
  const { asked, bring, now } = page(lead('1', 1), lead('2', 1));
  bring.arrived('1');
  asked[0].answer(undefined);
  await rest();
  expect(now()).toBe('2@1');
});

test('an answer from before something was done does not count, and while it is under way none is asked for', async () => {
  const { asked, bring, now } = page(lead('1', 1), lead('2', 1));
  bring.arrived('1');
  bring.begin('1');
  asked[0].answer(lead('1', 9));
  await rest();
  bring.arrived('1');
  await rest();
  expect([asked.length, now()]).toEqual([1, '1@1 2@1']);
  bring.end('1');
  bring.arrived('2');
  bring.begin('1'); // of another: it is asked for again
  asked[1].answer(lead('2', 2));
  await rest();
  expect([asked.length, now()]).toEqual([3, '1@1 2@1']);
  asked[2].answer(lead('2', 3));
  await rest();
  expect(now()).toBe('1@1 2@3');
});

test('of many at once, and where one cannot be had, the list is asked for', async () => {
  const many = page(lead('1', 1));
  for (let i = 0; i < 100; i++) many.bring.arrived(`${i}`);
  expect([many.asked.length, many.isStale()]).toEqual([4, true]);
  const one = page(lead('1', 1));
  one.bring.arrived('1');
  one.asked[0].fail();
  await rest();
  expect(one.isStale()).toBe(true);
  one.bring.arrived('2');
  expect(one.asked.map(({ id }) => id)).toEqual(['1', '2']);
});
