// Mails, raw, over HTTP: to leads, once each, or to rejected ones with a reason.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { data_file, exchange, needs, request_id, shared } from './lib.mjs';

const d = shared();
const mail = (body, headers = { authorization: `Bearer ${d.token}` }) =>
  exchange(`${d.url}/v1/mail`, { method: 'POST', headers: { 'content-type': 'message/rfc822', ...headers }, body });
const letter = (id, text = 'A price, please.') =>
  `From: Ada Lovelace <${id}@buyer.example>\r\nMessage-ID: <${id}@buyer.example>\r\nSubject: Price\r\n\r\n${text}\r\n`;
const lead_of = async (id) => d.call('LeadService/GetLead', { id, withOriginal: true });

test('a mail becomes a lead that somebody holds, and is kept byte for byte', async () => {
  const body = letter(request_id());
  const answer = await mail(body);
  assert.equal(answer.status, 200, answer.text);
  assert.equal(answer.json.status, 'LEAD_STATUS_ASSIGNED');
  const { lead, original } = await lead_of(answer.json.leadId);
  assert.equal(lead.firstName, 'Ada');
  assert.equal(lead.leadSource, 'e-mail');
  assert.ok(lead.ownerId);
  assert.equal(original.contentType, 'message/rfc822');
  assert.equal(Buffer.from(original.body, 'base64').toString(), body);
});

test('the same mail fifty times is one lead, another is not lost among them', async () => {
  const id = request_id(), other = request_id();
  const many = Array.from({ length: 50 }, () => mail(letter(id)));
  const answers = await Promise.all([...many, mail(letter(other))]);
  const ids = answers.map((a) => a.json.leadId);
  assert.equal(new Set(ids.slice(0, 50)).size, 1);
  assert.notEqual(ids[50], ids[0]);
  assert.equal(answers.filter((a) => a.json.repeatedLead).length, 49);
});

test('attachments are named on the lead and stay in the original', async () => {
  const id = request_id();
  const body = `From: <${id}@buyer.example>\nMessage-ID: <${id}>\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nHello\n`
    + '--x\nContent-Type: application/pdf; name="plan.pdf"\nContent-Transfer-Encoding: base64\n\n'
    + `${Buffer.alloc(300000, 7).toString('base64').replace(/.{76}/g, '$&\n')}\n--x--\n`;
  const answer = await mail(body);
  assert.equal(answer.status, 200, answer.text);
  const { lead, original } = await lead_of(answer.json.leadId);
  assert.deepEqual(lead.attachments, [{ name: 'plan.pdf', type: 'application/pdf', size: '300000' }]);
  assert.equal(Buffer.from(original.body, 'base64').toString(), body);
});

test('bounces and automatic replies are kept as rejected, with the reason', async () => {
  const bounce = await mail('Return-Path: <>\nFrom: MAILER-DAEMON@x.example\n\nUndelivered\n');
  assert.equal(bounce.json.status, 'LEAD_STATUS_REJECTED');
  assert.match(bounce.json.statusReason, /report about another mail/);
  const away = await mail(`From: ${request_id()}@x.example\nAuto-Submitted: auto-replied\n\nI am away\n`);
  assert.match(away.json.statusReason, /automatic reply/);
});

test('nothing, too much, and nobody are refused; a bomb costs only itself', async () => {
  assert.equal((await mail('')).status, 400);
  const large = await mail(Buffer.alloc(800000, 'a'));
  assert.equal(large.status, 413);
  assert.match(large.json.message, /at most 786432 bytes/);
  assert.equal((await mail(letter(request_id()), {})).status, 401);
  const bomb = await mail('Content-Type: multipart/mixed; boundary=x\n\n' + '--x\n\na\n'.repeat(90000));
  assert.equal(bomb.json.status, 'LEAD_STATUS_REJECTED');
  assert.match(bomb.json.statusReason, /too many parts/);
  assert.equal((await mail(letter(request_id()))).status, 200);
});

test('real mails are all taken in', { skip: needs('emails') }, async () => {
  const names = readdirSync(data_file('emails'), { recursive: true, withFileTypes: true })
    .filter((e) => e.isFile() && e.name.endsWith('.eml'));
  assert.ok(names.length > 0);
  for (const e of names) {
    const answer = await mail(readFileSync(`${e.parentPath ?? e.path}/${e.name}`));
    assert.equal(answer.status, 200, `${e.name}: ${answer.text}`);
    assert.ok(answer.json.leadId);
  }
});
