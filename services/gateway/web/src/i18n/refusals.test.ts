import { expect, test } from 'vitest';
import { inWords } from './refusals';
import sentences from './refusals.zh-Hant.json';

const sources = import.meta.glob<string>(['../../../../../common/**/*.c', '../../../../*/*.c'], { query: '?raw', eager: true, import: 'default' });

test('every sentence of the table is one that a service says', () => {
  const all = Object.values(sources).join('\n').replace(/%"\s*PRI([diu])64/g, '%$1').replace(/"\s*\n\s*"/g, '').replaceAll('\\"', '"').replace(/%([di]) ?"/g, '%$1"');
  expect(Object.keys(sources).length).toBeGreaterThan(100);
  // rules.c puts the field's name before what is wrong with it
  expect(Object.keys(sentences).filter((s) => !all.includes(`"${s}`) && !all.includes(`"${s.replace(/^%s /, '')}`))).toEqual([]);
});

test('what is filled in stands where the other language has it; what is not known stays', () => {
  const said = (message: string) => inWords(message, sentences, (field) => (field === 'annual revenue' ? '年營收' : field));
  expect(said('annual revenue is missing')).toBe('年營收為必填');
  expect(said('"Mars/Olympus" is not a time zone (they are written like Europe/Berlin)')).toBe('「Mars/Olympus」不是時區（例如 Asia/Taipei）');
  expect(said('of Brochure 2 are there that nobody else has or waits for')).toBe('Brochure可用庫存只有 2');
  expect(said('there is no such order')).toBe('沒有這張訂單');
  expect(said('the weather is bad')).toBe('the weather is bad');
  expect(inWords('there is no such order', undefined, (f) => f)).toBe('there is no such order');
});
