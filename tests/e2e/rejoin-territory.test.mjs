// The directory was restored older, and with it the territories: after `baton rejoin` open leads lie by those.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { rmSync } from 'node:fs';
import { Deployment, new_folder, request_id, until } from './lib.mjs';

const COUNT = 300; // more than one step of a move looks at
const base = new_folder();
const d = new Deployment(join(base, 'data'));
after(async () => {
  try {
    await d.stop();
  } finally {
    if (!process.env.BATON_TEST_KEEP) rmSync(base, { recursive: true, force: true });
  }
});

function tool(...args) {
  const done = d.tool(...args);
  assert.equal(done.status, 0, `baton ${args.join(' ')}:\n${done.all}`);
  return done.all;
}

test('territories that came and changed meanwhile are gone again; leads are placed anew', async () => {
  await d.up();
  await d.route_to([await d.user('Ann A', 'rep')]);
  const rules = (country) => [{ countries: [country] }];
  const west = await d.create('territory', { name: 'West', kind: 'TERRITORY_KIND_GEOGRAPHY', rules: rules('Germany') });
  await d.settled();
  const capture = (i) => d.capture({ email: `n${i}@b${i}.example`, address: { country: 'DE' } }).then((a) => a.lead.id);
  const ids = [];
  for (let i = 0; i < COUNT; i += 10) ids.push(...(await Promise.all(Array.from({ length: 10 }, (_, k) => capture(i + k)))));
  const lie_in = async (territory) => {
    const found = await Promise.all(ids.map((id) => d.lead(id)));
    return found.filter((l) => (l.territoryIds ?? []).join() === territory.id).length;
  };
  assert.equal(await lie_in(west), COUNT);
  tool('backup', join(base, 'older'));
  const [{ revision }] = (await d.list('territory')).filter((t) => t.id === west.id);
  await d.call('RecordService/UpdateRecord', { requestId: request_id(), record: { territory: { id: west.id, revision, rules: rules('France') } } });
  const deep = await d.create('territory', { name: 'Deep', kind: 'TERRITORY_KIND_GEOGRAPHY', parentId: west.id, rules: rules('Germany') });
  await until('leads lie in the new one', async () => (await lie_in(deep)) === COUNT, 30000);
  await d.stop();
  tool('restore', join(base, 'older'), '--only', 'directory', '--replace');
  await d.up();
  const stopped = async (follower) => {
    const { services } = await d.call('SystemService/ListServices', {});
    return services.find((s) => s.name === follower).follows.find((f) => f.service === 'directory').stopped;
  };
  await until('leads stands still', () => stopped('leads'));
  assert.equal(await lie_in(deep), COUNT);
  assert.match(tool('rejoin', 'leads', 'directory'), /leads follows directory again/);
  await until('leads lie where they lay', async () => (await lie_in(west)) === COUNT, 30000);
  for (const follower of ['notifications', 'contacts', 'opportunities']) if (await stopped(follower)) tool('rejoin', follower, 'directory');
  d.verify();
});
