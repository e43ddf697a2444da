// What the server says when it says no, or why it did something, in the reader's language: a table of its sentences as they stand in the services, with
// %s and %d where something is filled in. What is filled in may be words of the table too: "it is %s and cannot %s". What the
// table does not have is shown as it was said.
export type Sentences = { [sentence: string]: string };

interface Known {
  sentence: string;
  like: RegExp;
  said: string;
}

const TELLING = 6; // letters
const FILLED = /%(?:\.\d+)?(?:llu|lld|zu|[sdu])/g;
const escape = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const likeOf = (sentence: string) => {
  const signs = [...sentence.matchAll(FILLED)].map(([sign]) => (sign.endsWith('s') ? '(.*?)' : '(-?\\d+)'));
  return new RegExp(`^${sentence.split(FILLED).map((text, n) => escape(text) + (signs[n] ?? '')).join('')}$`, 's');
};
const compiled = new WeakMap<Sentences, Known[]>();

// Those that say most come first: "%s is missing" is like a lot.
function knownOf(sentences: Sentences): Known[] {
  let known = compiled.get(sentences);
  if (!known) {
    const bare = (sentence: string) => sentence.replace(FILLED, '').length;
    known = Object.entries(sentences).sort(([a], [b]) => bare(b) - bare(a))
      .map(([sentence, said]) => ({ sentence, like: likeOf(sentence), said }));
    compiled.set(sentences, known);
  }
  return known;
}

// The row of the table that a message is of, and what is filled in.
export function rowOf(message: string, sentences: Sentences) {
  for (const { sentence, like, said } of knownOf(sentences)) {
    const filled = like.exec(message);
    if (filled) return { sentence, said, filled: filled.slice(1) };
  }
}

// As rowOf(), of what is filled in: what is mostly filled in itself ("%s of %s") could be anybody's text.
export function wordsOf(filled: string, sentences: Sentences) {
  const row = rowOf(filled, sentences);
  return row && (!row.sentence.startsWith('%') || row.sentence.replace(FILLED, '').replaceAll(' ', '').length >= TELLING) ? row : undefined;
}

// `nameOf`: what a field that the server names ("annual revenue") is called here.
export function inWords(message: string, sentences: Sentences | undefined, nameOf: (field: string) => string): string {
  if (!sentences) return message;
  const row = rowOf(message, sentences);
  if (!row) return severalOf(message, sentences, nameOf);
  const inside = (filled: string) => (wordsOf(filled, sentences) ? inWords(filled, sentences, nameOf) : listOf(filled, nameOf));
  return row.said.replace(/\{\{(\d)\}\}/g, (_, n: string) => inside(row.filled[Number(n) - 1] ?? ''));
}

// Several sentences in one.
function severalOf(message: string, sentences: Sentences, nameOf: (field: string) => string): string {
  const parts = message.split('; ');
  return parts.length > 1 && parts.every((part) => rowOf(part, sentences)) ? parts.map((part) => inWords(part, sentences, nameOf)).join('；') : message;
}

// "amount, close date": a list if each is a field that has a name here.
function listOf(filled: string, nameOf: (field: string) => string): string {
  const fields = filled.split(', ');
  return fields.every((field) => nameOf(field) !== field) ? fields.map(nameOf).join('、') : nameOf(filled);
}
