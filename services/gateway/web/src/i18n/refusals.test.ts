import { expect, test } from 'vitest';
import { inWords, rowOf, wordsOf } from './refusals';
import sentences from './refusals.zh-Hant.json';
import { FILLED, saidIn, textsOf } from './said';

// The mailbox reader is a program that nobody asks: what it says stands in its log, for its operator.
const sources = import.meta.glob<string>(['../../../../../common/**/*.c', '../../../../*/*.c', '!../../../../mailbox/*.c'], { query: '?raw', eager: true, import: 'default' });
const said = saidIn(sources);
const texts = textsOf(sources).join('\n');

// As the server says it, of something and of seven; what stands close to a word may be nothing.
const example = (form: string) => form.replace(/^%s(?=[a-z]|%d)|(?<=[a-z])%s$/g, '').replace(FILLED, (sign) => (sign.endsWith('s') ? 'Q7' : '7')).replaceAll('%%', '%');
const isWords = (text: string) => text.split(', ').some((part) => /[a-z]/.test(part) && part.includes(' '));

// The rows that a message is said by, and what of it no row is for.
function rowsOf(message: string): { rows: string[]; lacking: string[] } {
  const row = rowOf(message, sentences);
  if (!row) return { rows: [], lacking: [message] };
  const inner = row.filled.filter((_, n) => row.said.includes(`{{${n + 1}}}`)).map((filled) => (wordsOf(filled, sentences) || isWords(filled) ? rowsOf(filled) : { rows: [], lacking: [] }));
  return { rows: [row.sentence, ...inner.flatMap((i) => i.rows)], lacking: inner.flatMap((i) => i.lacking) };
}
const taken = [...said].map(([form, file]) => ({ file, ...rowsOf(example(form)) }));

test('whatever a service says when it says no has a row', () => {
  expect(Object.keys(sources).length).toBeGreaterThan(400);
  expect(said.size).toBeGreaterThan(800);
  expect(taken.flatMap(({ file, lacking }) => lacking.map((text) => `${file}: ${text}`))).toEqual([]);
});

test('a sentence is found however it is handed to refuse()', () => {
  const source = String.raw`
static bool bad(struct refusal *no, const char *name, const char *what)
{
    return refuse(no, CODE, NULL, "%s %s", name, what);
}

static const char *fault(int kind)
{
    return kind ? "is damaged" : NULL; /* "is a remark" */
}

static const char *const names[] = {
    [0] = "a draft",
};

bool check(struct refusal *no, int n, const char *text)
{
    static const struct row rows[] = {{"is in a table"}};
    if (n == 1)
        return refuse(no, CODE, "field", "at most %" PRIu64 " \"things\" "
                                         "of %s", n, n ? "yours" : "mine");
    if (n == 2)
        return refuse(no, CODE, NULL, "it is %s and not done", names[n]);
    const char *wrong = fault(n);
    log_failure("no", "is no refusal");
    return wrong ? bad(no, text, wrong) : n ? refuse(no, CODE, NULL, "%s", rows[n].text) : bad(no, text, "is missing");
}
`;
  expect([...saidIn({ 'a/b.c': source }).keys()].sort()).toEqual(['%s is damaged', '%s is missing', 'at most %u "things" of mine', 'at most %u "things" of yours', 'is in a table', 'it is %s and not done', 'it is a draft and not done']);
});

// Pages show other texts of services, too: why a lead went where it went, what is odd about an address. Their words stand there.
test('every row is for something that a service says', () => {
  const rows = new Set(taken.flatMap((t) => t.rows));
  const stands = (words: string) => texts.includes(words) || (/^[RTt]/.test(words) && texts.includes(words.slice(1))); // "%sule" is "Rule" or "rule"
  const isThere = (sentence: string) => sentence.replace(FILLED, '#').split(/[^A-Za-z ]+/).every((words) => stands(words.trim()));
  expect(Object.keys(sentences).filter((sentence) => !rows.has(sentence) && !isThere(sentence))).toEqual([]);
});

test('all that is filled in stands in the other language', () => {
  const signs = (sentence: string) => (sentence.match(/%(?:\.\d+)?(?:llu|lld|zu|[sdu])/g) ?? []).length;
  expect(Object.entries(sentences).filter(([sentence, text]) => [...text.matchAll(/\{\{(\d)\}\}/g)].some((m) => Number(m[1]) < 1 || Number(m[1]) > signs(sentence)))).toEqual([]);
});

test('what is filled in stands where the other language has it; what is not known stays', () => {
  const fields: { [field: string]: string } = { 'annual revenue': '年營收', amount: '金額' };
  const inChinese = (message: string) => inWords(message, sentences, (field) => fields[field] ?? field);
  expect(inChinese('annual revenue is missing')).toBe('年營收為必填');
  expect(inChinese('"Mars/Olympus" is not a time zone (they are written like Europe/Berlin)')).toBe('「Mars/Olympus」不是時區（例如 Asia/Taipei）');
  expect(inChinese('of Brochure 2 are there that nobody else has or waits for')).toBe('Brochure可用庫存只有 2');
  expect(inChinese('it is waiting for approval and cannot be sent')).toBe('報價單正在等待核准，不能送出');
  expect(inChinese('before "Proposal" this is to be filled in: amount, annual revenue')).toBe('移至「Proposal」之前，須填寫：金額、年營收');
  expect(inChinese('there is no such order')).toBe('沒有這張訂單');
  expect(inChinese("On arrival: rule 'Taiwan' matched, and in pool 'North' it was Ada's turn; Bo was next.")).toBe('收到時：符合規則「Taiwan」，群組「North」輪到 Ada，下一位是 Bo。');
  expect(inChinese('it has stalled for 12 days; its next step is overdue by 3 days')).toBe('已停滯 12 天；下一步已逾期 3 天');
  expect(inChinese('the price of one of all are three is superseded')).toBe('one of all are three的價格已更新');
  expect(inChinese('the weather is bad')).toBe('the weather is bad');
  expect(inWords('there is no such order', undefined, (f) => f)).toBe('there is no such order');
});
