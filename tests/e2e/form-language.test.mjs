// What a visitor reads when a form cannot be shown or taken at all: in the form's language, or the browser's.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exchange, request_id, shared } from './lib.mjs';

const d = shared(async () => {
  await d.create('leadForm', { name: 'kontakt', language: 'de-AT' });
  await d.create('leadForm', { name: 'odd', language: 'de"><x>' });
  await d.settled();
});
const FORM = 'application/x-www-form-urlencoded';
const post = (path, body, headers = {}) =>
  exchange(`${d.url}/forms/${path}`, { method: 'POST', headers: { 'content-type': FORM, ...headers }, body });
const action = async (form) => (await exchange(`${d.url}/forms/${form}`)).text.match(/action="([^"]*)"/)[1];
const LARGE = Array.from({ length: 100 }, (_, i) => `f${i}=${'x'.repeat(10000)}`).join('&');
const MANY = Array.from({ length: 1000 }, (_, i) => `f${i}=x`).join('&');

test('1: the page says in its address which language it is in, if that is one of ours', async () => {
  assert.equal(await action('kontakt'), '/forms/kontakt?lang=de-AT');
  assert.equal(await action('odd'), '/forms/odd');
  const body = new URLSearchParams({ email: `${request_id()}@kunde.example`, message: 'Hallo' });
  const sent = await exchange(d.url + (await action('kontakt')), { method: 'POST', headers: { 'content-type': FORM }, body });
  assert.match(sent.text, /Vielen Dank/);
});

for (const [what, path, body, headers, status, said] of [
  ['too large, by the form', 'kontakt?lang=de-AT', LARGE, {}, 413, /lang="de-AT"[^]*Das konnte nicht gesendet werden[^]*zu groß/],
  ['too many fields, by the form', 'kontakt?lang=de-AT', MANY, {}, 400, /zu viele Felder/],
  ['the form before the browser', 'kontakt?lang=de-AT', LARGE, { 'accept-language': 'zh-TW' }, 413, /zu groß/],
  ['no such form, by the browser', 'nirgends', 'a=b', { 'accept-language': 'fr, zh-Hant-TW;q=0.8, de;q=0.1' }, 404, /無法送出[^]*找不到此表單/],
  ['no such form, by nobody', 'nowhere', 'a=b', { 'accept-language': 'fr' }, 404, /This could not be sent[^]*there is no such form/],
  ['a language that is none', 'nowhere?lang=%22%3E%3Cx%3E', 'a=b', {}, 404, /lang="en"[^]*This could not be sent/],
  ['a language that begins like ours', 'nowhere?lang=de%22%3E%3Cx%3E', 'a=b', {}, 404, /This could not be sent/],
  ['a header without end', 'nowhere', 'a=b', { 'accept-language': ',;q, ,'.repeat(500) }, 404, /This could not be sent/],
  ['too many fields, in English, says how many', 'kontakt', MANY, {}, 400, /more than \d+ fields/],
])
  test(`2: ${what}`, async () => {
    const answer = await post(path, body, headers);
    assert.equal(answer.status, status);
    assert.match(answer.text, said);
    assert.ok(!answer.text.includes('<x>'));
  });
