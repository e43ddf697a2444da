import { expect, test } from 'vitest';
import { nameOfAgent } from './agent';

test('what signed in has a name', () => {
  const edge = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0';
  const phone = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1';
  const fox = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
  expect([edge, phone, fox, 'curl/7.88.1', ''].map(nameOfAgent)).toEqual(['Edge Windows', 'Safari iPhone', 'Firefox Linux', 'curl', '']);
});
