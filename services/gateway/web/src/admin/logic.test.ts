import { create } from '@bufbuild/protobuf';
import { expect, test } from 'vitest';
import { ServiceStatusSchema } from '../gen/baton/v1/system_pb';
import { lagOf, meanMs, nameOf } from './logic';

test('how far behind the one that is followed, by where that is now', () => {
  const leads = create(ServiceStatusSchema, { name: 'leads', headSeq: 10n, follows: [{ service: 'directory', cursorSeq: 4n, headSeq: 5n, stopped: '' }] });
  const directory = create(ServiceStatusSchema, { name: 'directory', headSeq: 7n });
  expect(lagOf(leads, [leads, directory])).toEqual([['directory', 3, '']]);
});

test('what a record is called by', () => {
  expect([nameOf({ id: '1', name: 'A' }), nameOf({ id: '1', title: 'B', name: '' }), nameOf({ id: '1' })]).toEqual(['A', 'B', '1']);
});

test('how long writing took on average, to a tenth of a millisecond', () => {
  expect([meanMs({ commits: 3n, commitUs: 10_000n }), meanMs({ commits: 0n, commitUs: 0n })]).toEqual([3.3, 0]);
});
