import { expect, test } from 'vitest';
import { languageOf } from './language';
import en from './en.json';
import zh from './zh-Hant.json';

const sources = import.meta.glob<string>(['../**/*.{ts,tsx}', '!../gen/**', '!../**/*.test.ts'], { query: '?raw', eager: true, import: 'default' });

function keysOf(words: object, before = ''): string[] {
  return Object.entries(words).flatMap(([key, value]) => (typeof value === 'object' ? keysOf(value, `${before}${key}.`) : `${before}${key}`));
}
const bare = (keys: string[]) => new Set(keys.map((key) => key.replace(/_(one|other)$/, '')));

test('each language says everything the other says', () => {
  expect([...bare(keysOf(zh))].sort()).toEqual([...bare(keysOf(en))].sort());
});

test('what the pages say is in the files', () => {
  const known = bare(keysOf(en));
  const missing = Object.entries(sources)
    .flatMap(([file, text]) => [...text.matchAll(/\bt\('([\w.]+)'/g)].map((m) => m[1]).filter((key) => !known.has(key)).map((key) => `${file}: ${key}`));
  expect(missing).toEqual([]);
});

test('the reader\'s first language that there is', () => {
  expect([['zh-TW', 'en'], ['de', 'zh-HK'], ['fr'], ['en-GB']].map(languageOf)).toEqual(['zh-Hant', 'zh-Hant', 'en', 'en']);
});
