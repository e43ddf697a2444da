import { QueryObserver } from '@tanstack/react-query';
import { expect, test } from 'vitest';
import { Fresh, holdAnswers, isUnknown, Meanwhile } from './fresh';

const client = new Fresh({ defaultOptions: { queries: { networkMode: 'always' } } });

// A question that somebody looks at, and whoever answers it.
function asked(queryKey: string[]) {
  const answers: ((value: string) => void)[] = [];
  const observer = new QueryObserver(client, { queryKey, queryFn: () => new Promise<string>((resolve) => { answers.push(resolve); }) });
  return { answers, end: observer.subscribe(() => {}), now: () => client.getQueryData(queryKey) };
}
const settled = (queryKey: string[]) => expect.poll(() => client.isFetching({ queryKey })).toBe(0);

test('what has changed is asked for anew, also while it is asked for the first time', async () => {
  const { answers, end, now } = asked(['first']);
  void client.invalidateQueries({ queryKey: ['first'] });
  expect(answers.length).toBe(2);
  answers[0]('before');
  answers[1]('since');
  await settled(['first']);
  expect(now()).toBe('since');
  end();
});

test('an answer under way does not put back what was; what was never answered is asked for in the end', async () => {
  const { answers, end, now } = asked(['held']);
  await holdAnswers(client, ['held']);
  answers[0]('before');
  await settled(['held']);
  expect(now()).toBe(undefined);
  void client.invalidateQueries({ queryKey: ['held'], predicate: isUnknown });
  answers[1]('now');
  await settled(['held']);
  expect(now()).toBe('now');
  end();
});

test('a first view comes, however often it changes, and then what it became', async () => {
  const { answers, end, now } = asked(['busy']);
  for (let i = 0; i < 5; i++) void client.invalidateQueries({ queryKey: ['busy'] });
  expect(answers.length).toBe(2);
  answers[1]('then');
  await expect.poll(() => answers.length).toBe(3);
  expect(now()).toBe('then');
  answers[2]('now');
  await settled(['busy']);
  expect(now()).toBe('now');
  end();
});

test('what happens while an answer is under way is done to it', async () => {
  const meanwhile = new Meanwhile<string[]>();
  const add = (word: string) => meanwhile.tell((list) => [...list, word]);
  let answer = (_: string[]) => {};
  add('before');
  const first = meanwhile.during(() => new Promise((resolve) => { answer = resolve; }));
  add('one');
  add('two');
  answer(['answered']);
  expect(await first).toEqual(['answered', 'one', 'two']);
  expect(await meanwhile.during(async () => ['again'])).toEqual(['again']);
});
