// Pipelines and what moves through them, by the operator's tool.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { shared } from './lib.mjs';

const d = shared();
const run = (...args) => d.tool(...args);
const say = (...args) => {
  const done = run(...args);
  assert.equal(done.status, 0, done.all);
  return done.out;
};

test('a pipeline from a file, and a deal through it', async () => {
  const path = join(d.data, 'pipeline.json');
  const pipeline = {
    name: 'Projects',
    lossReasons: ['price'],
    stages: [
      { key: 'talk', name: 'First talk', probability: 10, idleDays: 14 },
      { key: 'offer', name: 'Offer', probability: 50, entryFields: ['amount'], overrideRoles: ['ROLE_ADMIN'] },
      { key: 'check', name: 'Check', probability: 70, approvalRoles: ['ROLE_MANAGER'] },
      { key: 'won', name: 'Won', kind: 'STAGE_KIND_WON' },
      { key: 'lost', name: 'Lost', kind: 'STAGE_KIND_LOST' },
    ],
  };
  writeFileSync(path, JSON.stringify(pipeline));
  assert.match(say('pipeline', 'set', path), /made: Projects/);
  delete pipeline.lossReasons;
  writeFileSync(path, JSON.stringify(pipeline));
  assert.match(say('pipeline', 'set', path), /changed: Projects/);
  assert.match(say('pipeline', 'list'), /Projects +5/);
  assert.match(say('pipeline', 'show', 'Projects'), /offer +Offer +\S* +50 % +amount/);
  const shown = JSON.parse(say('pipeline', 'show', 'Projects', '--json'));
  assert.equal(shown.lossReasons, undefined, 'the file is the whole');
  assert.equal(run('pipeline', 'show', 'Nothing').status, 1);
  const o = await d.create('opportunity', { name: 'Harbour', pipelineId: shown.id });
  const no = run('opportunity', 'move', o.id, 'offer');
  assert.equal(no.status, 1);
  assert.match(no.err, /amount/);
  assert.match(say('opportunity', 'move', o.id, 'offer', '--override', 'urgent'), /Harbour: offer/);
  assert.match(say('opportunity', 'show', o.id), /stage +Offer[^]*although +urgent/);
  assert.match(say('opportunity', 'request', o.id, 'check'), /the move to check is waiting/);
  assert.match(say('opportunity', 'show', o.id), /approval +to Check: waiting/);
  assert.equal(run('opportunity', 'approve', o.id).status, 1, 'nobody for themselves');
  assert.match(say('opportunity', 'list', '--pipeline', 'Projects', '--open'), /Harbour +Projects +Offer/);
  assert.match(say('opportunity', 'follow', o.id), /^followed/);
  assert.match(say('opportunity', 'close', o.id, 'lost', '--reason', 'price'), /Harbour: lost/);
  assert.equal(run('opportunity', 'close', o.id, 'perhaps').status, 2);
  assert.doesNotMatch(say('opportunity', 'list', '--open'), /Harbour/);
  assert.match(say('opportunity', 'reopen', o.id, '--override', 'they called'), /Harbour: offer/);
  assert.match(say('opportunity', 'estimates', o.id), /offer[^]*lost[^]*offer[^]*talk/);
});
