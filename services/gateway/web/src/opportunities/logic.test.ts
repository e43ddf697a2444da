import { create } from '@bufbuild/protobuf';
import { describe, expect, test } from 'vitest';
import { type Opportunity, OpportunitySchema, PipelineSchema, StageKind } from '../gen/baton/v1/opportunities_pb';
import { timestampOf } from '../i18n/format';
import { amountOf, majorOf, moneyIn } from '../i18n/money';
import { attentionOf, changedFields, columnsOf, dayOf, daysInStage, nextStage, sortedBy, sumsOf, sumText, totalOf } from './logic';
import { checkDealSearch } from './search';

const DAY = 86_400_000;
const NOW = new Date(2026, 5, 15, 12).getTime();

const pipeline = create(PipelineSchema, {
  id: 'p',
  stages: [
    { key: 'talk', name: 'Talk', idleDays: 10 }, { key: 'old', name: 'Old', retired: true }, { key: 'offer', name: 'Offer' },
    { key: 'won', name: 'Won', kind: StageKind.WON }, { key: 'lost', name: 'Lost', kind: StageKind.LOST },
  ],
});

const deal = (id: string, more: object = {}): Opportunity =>
  create(OpportunitySchema, { id, name: id, pipelineId: 'p', stageKey: 'talk', updatedAt: timestampOf(NOW), nextStep: 'call', ...more } as never);
const euros = (n: number) => amountOf('EUR', n);

describe('money', () => {
  test('each currency has its own number of places', () => {
    expect(euros(12.34)).toEqual({ currencyCode: 'EUR', minorUnits: 1234n });
    expect(amountOf('JPY', 500).minorUnits).toBe(500n);
    expect(amountOf('KWD', 1.234).minorUnits).toBe(1234n);
    expect(majorOf({ currencyCode: 'JPY', minorUnits: 500n })).toBe(500);
  });
  test('is written as the reader writes it', () => {
    const { full, short } = moneyIn('en-US');
    expect(full(euros(1234))).toBe('€1,234');
    expect(full(euros(1234.5))).toBe('€1,234.50');
    expect(short(euros(1_234_000))).toBe('€1.2M');
    expect(full(undefined)).toBe('');
  });
});

describe('sums', () => {
  test('columns come together to what is in all of them', () => {
    const columns = columnsOf(pipeline, [deal('a', { amount: euros(1), probability: 50 }), deal('b', { stageKey: 'offer', amount: euros(2), probability: 50 }), deal('c', { stageKey: 'offer', amount: amountOf('JPY', 7) })]);
    const { count, sums } = totalOf(columns);
    expect([count, sums.map((one) => [one.currencyCode, one.minorUnits, one.weighted])]).toEqual([3, [['EUR', 300n, 150n], ['JPY', 7n, 0n]]]);
  });
  const deals = [deal('a', { amount: euros(100), probability: 50 }), deal('b', { amount: euros(50), probability: 10 }), deal('c', { amount: amountOf('USD', 7), probability: 100 }), deal('d')];
  test('one a currency, weighted by probability, and nothing guessed', () => {
    expect(sumsOf(deals)).toEqual([
      { currencyCode: 'EUR', minorUnits: 15000n, weighted: 5500n, count: 2 }, { currencyCode: 'USD', minorUnits: 700n, weighted: 700n, count: 1 },
    ]);
  });
  test('as a line, the rest only hinted at', () => {
    const show = (a: { currencyCode: string }) => a.currencyCode;
    const sums = sumsOf([...deals, deal('e', { amount: amountOf('JPY', 1), probability: 1 })]);
    expect(sumText(sums, show)).toBe('EUR + JPY + …');
    expect(sumText([], show)).toBe('');
  });
});

describe('columns', () => {
  test('stand in the order of the stages; a stage that is being emptied is there as long as something is in it', () => {
    expect(columnsOf(pipeline, []).map((c) => c.stage.key)).toEqual(['talk', 'offer', 'won', 'lost']);
    expect(columnsOf(pipeline, [deal('a', { stageKey: 'old' })]).map((c) => c.stage.key)).toContain('old');
  });
  test('what closes first stands on top, without a date below', () => {
    const [counted] = columnsOf(pipeline, [deal('a')], [{ stage: pipeline.stages[0], count: 3000n, amounts: [{ currencyCode: 'EUR', minorUnits: 500n, weightedMinorUnits: 50n } as never] }]);
    expect([counted?.count, counted?.deals.length, counted?.sums]).toEqual([3000, 1, [{ currencyCode: 'EUR', minorUnits: 500n, weighted: 50n, count: 3000 }]]);
    const [talk] = columnsOf(pipeline, [deal('none'), deal('late', { closeDate: '2026-12-01' }), deal('soon', { closeDate: '2026-07-01' })]);
    expect(talk?.deals.map((d) => d.id)).toEqual(['soon', 'late', 'none']);
  });
  test('one goes on to the next open stage that is not being emptied', () => {
    expect(nextStage(pipeline, { stageKey: 'talk' })?.key).toBe('offer');
    expect(nextStage(pipeline, { stageKey: 'offer' })).toBeUndefined();
  });
});

describe('attention', () => {
  const stage = pipeline.stages[0];
  test.each([
    ['late', { closeDate: '2026-06-14' }], [undefined, { closeDate: '2026-06-15' }], ['idle', { updatedAt: timestampOf(NOW - 11 * DAY) }],
    [undefined, { updatedAt: timestampOf(NOW - 9 * DAY) }], ['step', { nextStep: '' }], [undefined, { closeDate: '2026-06-14', stageKind: StageKind.WON }],
  ])('%s', (expected, more) => expect(attentionOf(deal('a', more), stage, NOW)).toBe(expected));
  test('days are whole ones, and a date is one of the wall', () => {
    expect(daysInStage(deal('a', { stageEnteredAt: timestampOf(NOW - 2.9 * DAY) }), NOW)).toBe(2);
    expect(dayOf(NOW)).toBe('2026-06-15');
  });
});

test('rows stand in the order that was asked for', () => {
  const deals = [deal('b', { amount: euros(1) }), deal('a', { amount: euros(2), stageKey: 'offer' })];
  const ids = (sort?: 'name' | 'amount' | 'stage') => sortedBy(deals, sort, pipeline, (id) => id, NOW).map((d) => d.id);
  expect([ids('name'), ids('amount'), ids('stage')]).toEqual([['a', 'b'], ['a', 'b'], ['b', 'a']]);
});

test('a conflict names what became different', () => {
  const seen = deal('a', { amount: euros(1) });
  expect(changedFields(seen, deal('a', { amount: euros(1), stageKey: 'offer' }))).toEqual(['stageKey']);
  expect(changedFields(seen, deal('a', { amount: euros(2) }))).toEqual(['amount']);
});

test('an address says only what there is', () => {
  expect(checkDealSearch({ view: 'x', sort: 'x', owner: 3, attention: 'no' })).toEqual({});
  expect(checkDealSearch({ view: 'table', sort: 'amount', owner: 'me', attention: true, deal: 'd' })).toEqual({ view: 'table', sort: 'amount', owner: 'me', attention: true, deal: 'd' });
});
