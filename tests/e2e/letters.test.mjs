// Letters and labels: what is on the paper is read by poppler, not by us.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { refused, request_id, shared } from './lib.mjs';

const d = shared();
const letter = (method, body) => d.call(`LetterService/${method}`, body);
const template = (more) => d.create('letterTemplate', { name: 'Spring', kind: 'LETTER_KIND_LETTER', senderCountry: 'DE', ...more });
const contact = (firstName, lastName, mailingAddress, more = {}) => d.create('contact', { firstName, lastName, mailingAddress, ...more });
const at = (street, city, postalCode, country, state) => ({ street, city, postalCode, country, state });

/** The lines of a page, as they stand on it from the top down. */
const lines = (path, page) => {
  const done = spawnSync('pdftotext', ['-layout', '-f', `${page}`, '-l', `${page}`, path, '-'], { encoding: 'utf8' });
  assert.equal(done.status, 0, done.stderr);
  return done.stdout.split('\n').map((line) => line.trim()).filter(Boolean);
};
const pages = (path) => Number(/Pages: +(\d+)/.exec(spawnSync('pdfinfo', [path], { encoding: 'utf8' }).stdout)[1]);
/** They follow each other on that page. */
const follow = (path, page, wanted) => {
  const all = lines(path, page);
  const first = all.findIndex((line) => line.startsWith(wanted[0]));
  assert.ok(first >= 0, `${wanted[0]} in ${all.join(' | ')}`);
  assert.deepEqual(all.slice(first, first + wanted.length).map((line, i) => line.slice(0, wanted[i].length)), wanted);
};

async function drawn(runId, name, more = {}) {
  const answer = await letter('DrawLetters', { runId, ...more });
  const path = join(d.data, `${name}.pdf`);
  if (answer.pdf) writeFileSync(path, Buffer.from(answer.pdf, 'base64'));
  return { ...answer, path };
}
const make = (templateId, contactIds, more = {}) => letter('MakeLetters', { requestId: request_id(), templateId, contactIds, ...more });

test('addresses by country, values once, nothing read as markup', async () => {
  const acme = await d.create('account', { name: 'Acme GmbH' });
  const people = [
    await contact('Eva', 'Meier', at('Weg 1', 'Berlin', '10115', 'Germany'), { accountId: acme.id, title: 'CEO' }),
    await contact('Ann', 'Lee', at('1 Main St', 'Austin', '78701', 'United States', 'TX')),
    await contact('小明', '王', at('信義路五段7號', '信義區', '110', 'Taiwan', '臺北市')),
    await contact('太郎', '山田', at('丸の内1-1', '千代田区', '100-0005', 'Japan', '東京都')),
    await contact('{contact.email|x}', '<b>Bold</b>', at('Weg 2', 'Bonn', '53111', 'DE')),
  ];
  const t = await template({ sender: 'Baton\nRing 3\n10999 Berlin', subject: 'For {contact.title|you}', body: 'Dear {contact.name|customer}[ of {account.name}],\n\nabout {opportunity.name|nothing}.' });
  const { run, leftOut } = await make(t.id, people.map((one) => one.id));
  assert.equal(leftOut, undefined);
  assert.deepEqual(run.contactIds, people.map((one) => one.id));
  const rep = await d.user('Rita Rep', 'rep');
  await refused('not_found', d.call('LetterService/DrawLetters', { runId: run.id }, { token: rep.token }));
  const { path, letters, pages: n, next } = await drawn(run.id, 'letters', { opportunity: { name: 'Sixty relays' } });
  assert.deepEqual([letters, n, next], [5, 5, undefined]);
  assert.equal(pages(path), 5);
  follow(path, 1, ['Acme GmbH', 'Eva Meier', 'Weg 1', '10115 Berlin']);
  follow(path, 1, ['For CEO', 'Dear Eva Meier of Acme GmbH,', 'about Sixty relays.']);
  follow(path, 2, ['Ann Lee', '1 Main St', 'Austin, TX 78701', 'UNITED STATES']);
  follow(path, 2, ['For you', 'Dear Ann Lee,']);
  follow(path, 3, ['110', '臺北市信義區信義路五段7號', '王小明 收', 'TAIWAN']);
  follow(path, 4, ['〒100-0005', '東京都千代田区丸の内1-1', '山田太郎 様', 'JAPAN']);
  follow(path, 5, ['{contact.email|x} <b>Bold</b>', 'Weg 2', '53111 Bonn']);
  for (const [i, name] of ['Weg 1', 'Main St', '信義路', '丸の内', 'Weg 2'].entries())
    assert.equal([1, 2, 3, 4, 5].flatMap((page) => lines(path, page)).filter((line) => line.includes(name)).length, 1, `${i}`);
});

test('who gets none is told, then and later', async () => {
  const t = await template({ body: 'Dear {contact.name|customer}' });
  const ok = await contact('Otto', 'Often', at('Weg 3', 'Bonn', '53111', 'DE'));
  const out = await contact('Olga', 'Out', at('Weg 4', 'Bonn', '53111', 'DE'));
  const none = await contact('Nora', 'None');
  const long = await contact('Lars', 'Long', at(Array.from({ length: 30 }, (_, i) => `Line ${i}`).join('\n'), 'Bonn', '53111', 'DE'));
  const gone = await contact('Gerd', 'Gone', at('Weg 5', 'Bonn', '53111', 'DE'));
  const says = (contactId, state) => d.create('consent', { contactId, channel: 'CONSENT_CHANNEL_POST', purpose: 'news', state, source: 'card', proof: 'said so' });
  await says(out.id, 'CONSENT_STATE_WITHDRAWN');
  const { run, leftOut } = await make(t.id, [ok.id, out.id, none.id, long.id, gone.id, ok.id, request_id()]);
  assert.deepEqual(run.contactIds, [ok.id, gone.id]);
  assert.deepEqual(leftOut.map((one) => one.why.replace('LETTER_OBSTACLE_', '')), ['OPTED_OUT', 'NO_ADDRESS', 'LONG_ADDRESS', 'TWICE', 'NOT_FOUND']);
  // For another purpose they may be written to, and what has to be said is said to all.
  const other = await template({ body: 'Hello', purpose: 'service' });
  assert.equal((await make(other.id, [out.id])).run.contactIds.length, 1);
  const recall = await template({ body: 'Hello', despiteOptOut: true });
  assert.equal((await make(recall.id, [out.id])).run.contactIds.length, 1);
  await d.call('ContactService/ErasePerson', { requestId: request_id(), contactId: gone.id, reason: 'asked', confirmed: true });
  const first = await drawn(run.id, 'erased');
  assert.deepEqual([first.letters, first.leftOut.map((one) => one.contactId)], [1, [gone.id]]);
  await says(ok.id, 'CONSENT_STATE_WITHDRAWN');
  const second = await letter('DrawLetters', { runId: run.id });
  assert.deepEqual([second.pdf, second.leftOut.map((one) => one.why)], [undefined, ['LETTER_OBSTACLE_OPTED_OUT', 'LETTER_OBSTACLE_ERASED']]);
});

test('what a template cannot say', async () => {
  await refused('invalid_argument', template({ body: '{contact.frist_name|x}' }));
  await refused('invalid_argument', template({ body: 'x'.repeat(100 << 10) }));
  await refused('invalid_argument', template({ body: '{today}'.repeat(2000) }));
  await refused('invalid_argument', template({ body: 'bell \u0007' }));
  await refused('invalid_argument', template({ body: 'Hello', senderCountry: 'Nowhere' }));
  await refused('invalid_argument', template({ kind: 'LETTER_KIND_LABELS', sheet: 'LABEL_SHEET_L7160', body: 'Hello' }));
  await refused('failed_precondition', d.create('letterRun', { campaign: 'x' }));
  const endless = await template({ body: `x${'\n'.repeat(19000)}x` });
  const one = await contact('Ed', 'Endless', at('Weg 6', 'Bonn', '53111', 'DE'));
  const { run } = await make(endless.id, [one.id]);
  const { pdf, leftOut } = await letter('DrawLetters', { runId: run.id });
  assert.deepEqual([pdf, leftOut[0].why], [undefined, 'LETTER_OBSTACLE_LONG_LETTER']);
});

test('a run stands in the timelines of its contacts, as whom they are now, and is called by its name to whoever sees it', async () => {
  const t = await template({ name: 'Autumn', body: 'Dear {contact.last_name|customer}' });
  const [kept, lost, gone] = [await contact('Kai', 'Kept', at('Weg 7', 'Bonn', '53111', 'DE')), await contact('Lou', 'Lost', at('Weg 8', 'Bonn', '53111', 'DE')), await contact('Gil', 'Gone', at('Weg 9', 'Bonn', '53111', 'DE'))];
  const both = (await make(t.id, [kept.id, lost.id])).run.id, alone = (await make(t.id, [lost.id, gone.id])).run.id;
  const rep = await d.user('Rob Rep', 'rep');
  const told = async (contactId, options) => ((await d.call('ContactService/GetTimeline', { contactId }, options)).items ?? []).filter((i) => i.kind === 'TIMELINE_KIND_LETTER');
  const runs = async (contactId) => (await told(contactId)).map((i) => i.recordId);
  assert.deepEqual([await runs(kept.id), await runs(lost.id), await runs(gone.id)], [[both], [alone, both], [alone]]);
  assert.deepEqual((await told(kept.id)).map((i) => i.title), ['Autumn']);
  assert.deepEqual((await told(kept.id, { token: rep.token })).map((i) => i.title), [undefined]);
  await d.call('DuplicateService/MergeContacts', { requestId: request_id(), keepId: kept.id, loseId: lost.id });
  assert.deepEqual(await runs(kept.id), [alone, both]);
  await d.call('DuplicateService/UnmergeContacts', { requestId: request_id(), id: lost.id });
  assert.deepEqual([await runs(kept.id), await runs(lost.id)], [[both], [alone, both]]);
  assert.equal(d.tool('person', 'erase', gone.id, '--reason', 'r', '--yes').status, 0);
  await refused('not_found', runs(gone.id));
  assert.deepEqual(await runs(lost.id), [alone, both]);
});

test('a letter that is too large alone is left out and holds up no others', async () => {
  // more different signs than a file has room for
  const signs = Array.from({ length: 6500 }, (_, i) => String.fromCodePoint(0x4e00 + i)).join('');
  const person = (lastName) => contact('Ute', lastName, at('Weg 10', 'Bonn', '53111', 'DE'));
  const people = [await person('First'), await person('Second')];
  const t = await template({ body: signs });
  const { run } = await make(t.id, people.map((one) => one.id));
  const leftOut = [];
  for (let from; ; ) {
    const piece = await letter('DrawLetters', { runId: run.id, from });
    assert.equal(piece.pdf, undefined);
    leftOut.push(...piece.leftOut);
    if (piece.next === undefined) break;
    assert.ok(piece.next > (from ?? 0));
    from = piece.next;
  }
  assert.deepEqual(leftOut, people.map((one) => ({ contactId: one.id, why: 'LETTER_OBSTACLE_LARGE_LETTER' })));
});

test('by the tool: a sheet of labels, and more letters than a run has', async () => {
  const account = await d.create('account', { name: 'Labels' });
  const ids = [];
  for (let i = 0; i < 230; i++)
    ids.push((await contact('Kim', `Nr${String(i).padStart(3, '0')}`, at(`Weg ${i}`, 'Bonn', '53111', 'DE'), i < 22 ? { accountId: account.id } : {})).id);
  const say = (...args) => {
    const done = d.tool('letter', ...args);
    assert.equal(done.status, 0, done.all);
    return done.out;
  };
  const [labels] = say('template', 'Sheet', '--from', 'DE', '--labels', 'l7160').split(' ');
  const sheet = join(d.data, 'sheet.pdf');
  assert.match(say('make', labels, '--account', account.id, '--out', sheet), /^22 letters on 2 pages/);
  const on = [1, 2].map((page) => lines(sheet, page).join(' ').match(/Nr\d{3}/g));
  assert.deepEqual(on.map((names) => names.length), [21, 1]);
  assert.equal(new Set(on.flat()).size, 22);
  const body = join(d.data, 'body.txt');
  writeFileSync(body, 'Dear {contact.last_name|customer}\n');
  const [made] = say('template', 'Many', '--from', 'US', '--body', body).split(' ');
  const list = join(d.data, 'ids.txt');
  writeFileSync(list, `${ids.join('\n')}\n`);
  const many = join(d.data, 'many.pdf');
  assert.match(say('make', made, '--contacts', list, '--out', many, '--campaign', 'Spring'), /^230 letters on 230 pages/);
  assert.equal(pages(many), 230);
  assert.equal(existsSync(`${many}.1`), false);
  assert.match(spawnSync('pdfinfo', [many], { encoding: 'utf8' }).stdout, /Page size: +612 x 792/);
  const text = spawnSync('pdftotext', [many, '-'], { encoding: 'utf8' }).stdout;
  assert.deepEqual(text.match(/Dear Nr\d{3}/g), ids.map((_, i) => `Dear Nr${String(i).padStart(3, '0')}`));
  assert.equal(readFileSync(many).subarray(0, 5).toString(), '%PDF-');
  // once more, by the run that stands in the timeline of each
  const [item] = (await d.call('ContactService/GetTimeline', { contactId: ids[0] })).items.filter((i) => i.kind === 'TIMELINE_KIND_LETTER');
  const again = join(d.data, 'again.pdf');
  assert.match(say('draw', item.recordId, '--out', again), /^200 letters on 200 pages/);
  assert.equal(pages(again), 200);
  assert.equal(d.tool('letter', 'draw', request_id(), '--out', again).status, 1);
  assert.equal(d.tool('letter', 'draw', item.recordId).status, 2);
  assert.equal(d.tool('letter', 'make', made, '--contact', request_id(), '--out', many).status, 1);
  assert.equal(d.tool('letter', 'make', made, '--out', many).status, 2);
});
