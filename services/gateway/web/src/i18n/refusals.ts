// What the server says when it says no, in the reader's language: a table of its sentences as they stand in the services, with
// %s and %d where something is filled in. What the table does not have is shown as it was said.
export type Sentences = { [sentence: string]: string };

interface Known {
  like: RegExp;
  said: string;
}

const FILLED = /%(?:\.\d+)?(?:llu|lld|zu|[sdu])/g;
const escape = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const compiled = new WeakMap<Sentences, Known[]>();

// Those that say most come first: "%s is missing" is like a lot.
function knownOf(sentences: Sentences): Known[] {
  let known = compiled.get(sentences);
  if (!known) {
    const bare = (sentence: string) => sentence.replace(FILLED, '').length;
    known = Object.entries(sentences).sort(([a], [b]) => bare(b) - bare(a))
      .map(([sentence, said]) => ({ like: new RegExp(`^${sentence.split(FILLED).map(escape).join('(.*)')}$`, 's'), said }));
    compiled.set(sentences, known);
  }
  return known;
}

// `nameOf`: what a field that the server names ("annual revenue") is called here.
export function inWords(message: string, sentences: Sentences | undefined, nameOf: (field: string) => string): string {
  for (const { like, said } of sentences ? knownOf(sentences) : []) {
    const filled = like.exec(message);
    if (filled) return said.replace(/\{\{(\d)\}\}/g, (_, n: string) => nameOf(filled[Number(n)] ?? ''));
  }
  return message;
}
