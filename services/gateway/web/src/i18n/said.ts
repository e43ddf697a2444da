// What the services say when they say no, read out of their sources: for tests. Whatever says no calls refuse(), or a function
// that hands a text of its own on to one that does.
interface Body {
  file: string;
  name: string;
  isStatic: boolean;
  parameters: string[];
  text: string;
}
interface Way {
  at: number; // which argument is the text
  around: string[]; // what is said with it; TEXT stands for it
}

const HANDED_ON_MAX = 8;
const TEXT = '\0';
const STRING = '"(?:[^"\\\\\\n]|\\\\.)*"';
const STRINGS = new RegExp(STRING, 'g');
const PIECES = new RegExp(`${STRING}(?:\\s*${STRING})+`, 'g');
export const FILLED = /%(?:\.\*|\.\d+|0\d)?(?:llu|lld|zu|[sdcux])/g;
const CODE = `(?:${STRING}|[^;"])*?`;
const RETURNED = new RegExp(`(?:return|\\*\\w+ =)\\s(${CODE});`, 'g');
const WRITTEN = new RegExp(`snprintf\\(why, \\w+,\\s(${CODE});`, 'g');
const CHOSEN = new RegExp(`\\?\\s*${STRING}\\s*:\\s*${STRING}$`);
const ESCAPED: { [sign: string]: string } = { n: '\n', t: '\t' };

const textOf = (literal: string) => literal.slice(1, -1).replace(/\\(.)/g, (_, sign: string) => ESCAPED[sign] ?? sign);
// A text goes on with what a macro says.
const textsIn = (code: string) => [...code.matchAll(new RegExp(`(${STRING})(\\s+[A-Z]\\w+)?`, 'g'))].map((m) => textOf(m[1]!) + (m[2] ? '%s' : ''));
const isBare = (text: string) => !/[a-z]/i.test(text.replace(FILLED, ''));
const isWord = (text: string) => /[a-z]/.test(text.replace(FILLED, ''));

// Without comments, and each text in one piece.
function tidy(source: string) {
  return source.replaceAll(`'"'`, `' '`).replace(new RegExp(`${STRING}|/\\*[\\s\\S]*?\\*/`, 'g'), (part) => (part[0] === '"' ? part : ''))
    .replace(/\bPRI[diux]64\b/g, (name) => (/[di]/.test(name[3]!) ? '"d"' : '"u"'))
    .replace(PIECES, (pieces) => `"${(pieces.match(STRINGS) ?? []).map((piece) => piece.slice(1, -1)).join('')}"`);
}

// All texts that stand in the sources.
export const textsOf = (sources: { [file: string]: string }) => Object.values(sources).flatMap((source) => textsIn(tidy(source)));

// The functions of a file; a macro is none.
function bodiesOf(file: string, text: string): Body[] {
  return [...text.matchAll(/^([^\n]*?)\b(\w+)\(([^(){};]*)\)\n\{\n([\s\S]*?)\n\}/gm)]
    .map((m) => ({ file, name: m[2]!, isStatic: /\bstatic\b/.test(m[1]!), parameters: m[3]!.split(',').map((p) => p.trim()), text: m[4]! }));
}

// The arguments of the call whose bracket opens just before `from`.
function argumentsAt(text: string, from: number): string[] {
  const all = [''];
  const signs = new RegExp(`${STRING}|[\\s\\S]`, 'y');
  signs.lastIndex = from;
  for (let depth = 1, m = signs.exec(text); m; m = signs.exec(text)) {
    if ('([{'.includes(m[0])) depth++;
    if (')]}'.includes(m[0]) && --depth === 0) break;
    if (m[0] === ',' && depth === 1) all.push('');
    else all[all.length - 1] += m[0];
  }
  return all.map((one) => one.trim());
}

const folderOf = (file: string) => file.replace(/[^/]*$/, '');
const replaced = (text: string, at: number, by: string) => {
  let n = 0;
  return text.replace(FILLED, (sign) => (n++ === at ? by : sign));
};

// Which sign of a text each value fills: "%.*s" takes two.
function signsOf(text: string, values: string[]): { sign: number; value: string }[] {
  let value = 0;
  return [...text.matchAll(FILLED)].map((m, sign) => {
    if (m[0].includes('*')) value++;
    return { sign, value: values[value++] ?? '' };
  });
}

export function saidIn(sources: { [file: string]: string }): Map<string, string> {
  const texts = new Map(Object.entries(sources).map(([file, source]) => [file, tidy(source)]));
  const bodies = [...texts].flatMap(([file, text]) => bodiesOf(file, text));
  const inFolder = new Map<string, Body[]>();
  for (const b of bodies) inFolder.set(folderOf(b.file), [...(inFolder.get(folderOf(b.file)) ?? []), b]);
  const ways = new Map<string, Way[]>([['refuse', [{ at: 3, around: [TEXT] }]]]);
  const keyOf = (b: Body) => (b.isStatic ? `${b.file} ${b.name}` : b.name);
  const said = new Map<string, string>();

  // What may stand for a value: texts in it, in the table it is taken from, and where it is set, returned, or written as `why`.
  function meant(value: string, body: Body, deep = 0): string[] {
    if (deep > 3) return [];
    const parts = value.replace(STRINGS, '').split(/[?:]/).map((part) => part.trim());
    const asked = parts.length > 1 ? called(parts.shift()!, body).flatMap((b) => told(b, WRITTEN, deep + 1)) : [];
    return [...textsIn(value), ...asked, ...parts.flatMap((code) => reached(code, body, deep + 1))];
  }
  function reached(code: string, body: Body, deep: number): string[] {
    const found = called(code, body).flatMap((b) => told(b, RETURNED, deep));
    const [, table] = code.match(/^(\w+)\[/) ?? [];
    const [, before, name] = code.match(/^(|[\w.>-]*(?:\.|->))(\w+)$/) ?? [];
    if (table) return [...found, ...textsIn(texts.get(body.file)!.match(new RegExp(`\\b${table}\\[[^\\]]*\\] = \\{(${CODE})\\};`))?.[1] ?? '')];
    if (!name || (before && deep > 1)) return found;
    const set = new RegExp(`${before ? '(?:\\.|->)' : '\\b'}${name} =\\s(${CODE});`, 'g');
    const setting = before ? '' : (body.text.match(new RegExp(`\\b\\w+\\([^;"]*&${name}\\b`, 'g')) ?? []).join();
    return [...found, ...(before ? near(body) : [body]).flatMap((b) => told(b, set, deep)), ...called(setting, body).flatMap((b) => told(b, RETURNED, deep))];
  }
  const near = (body: Body) => inFolder.get(folderOf(body.file)) ?? [];
  const called = (code: string, body: Body) => [...code.matchAll(/\b(\w+)\(/g)].flatMap((m) => near(body).filter((b) => b.name === m[1]));
  const told = (body: Body, where: RegExp, deep: number) => [...body.text.matchAll(where)].flatMap((m) => meant(m[1]!, body, deep));

  function note(key: string, at: number, around: string[]): boolean {
    const all = ways.get(key) ?? [];
    const known = all.find((way) => way.at === at);
    const fresh = around.filter((one) => !known?.around.includes(one));
    if (known) known.around.push(...fresh);
    else ways.set(key, [...all, { at, around: fresh }]);
    return fresh.length > 0;
  }

  // A text each way it may be said. What is one of two texts is one of them; what else is filled in stays open as well.
  function formsOf(one: string, values: string[], body: Body): string[] {
    return signsOf(one, values).reverse().reduce<string[]>((forms, { sign, value }) => {
      const words = /^\w+[[(]/.test(value) ? meant(value, body) : textsIn(value);
      const isChosen = CHOSEN.test(value);
      return forms.flatMap((form) => [...(isChosen ? [] : [form]), ...words.filter((word) => isChosen || isWord(word)).map((word) => replaced(form, sign, word))]);
    }, [one]);
  }

  // One call that says no: what it says, and whether the function it stands in is one more way to.
  function take(body: Body, way: Way, args: string[]): boolean {
    const own = new Map(body.parameters.flatMap((p, i) => (/^const char \*\w+$/.test(p) ? [[p.slice(12), i] as const] : [])));
    for (const m of body.text.matchAll(/vsnprintf\((\w+), [^,]+, (\w+), args\)/g)) if (own.has(m[2]!)) own.set(m[1]!, own.get(m[2]!)!);
    const text = args[way.at] ?? '', values = args.slice(way.at + 1);
    if (own.has(text)) return note(keyOf(body), own.get(text)!, way.around);
    let changed = false;
    const say = (form: string) => {
      for (const whole of isBare(form) ? [] : way.around.map((around) => around.replace(TEXT, () => form))) if (whole.includes(' ')) said.set(whole, body.file);
    };
    for (const one of meant(text, body)) {
      const handed = signsOf(one, values).filter(({ value }) => own.has(value)).slice(isBare(one) ? -1 : 0);
      for (const { sign, value } of handed) {
        const forms = formsOf(replaced(one, sign, TEXT), values.filter((v) => v !== value), body);
        changed = note(keyOf(body), own.get(value)!, forms.flatMap((form) => way.around.map((around) => around.replace(TEXT, () => form)))) || changed;
      }
      const isHanded = isBare(one) && handed.length > 0;
      if (!isHanded && isBare(one)) for (const value of values) meant(value, body).forEach(say);
      if (!isHanded) formsOf(one, values, body).forEach(say);
    }
    return changed;
  }

  // Ways lead to ways; no text is handed on through more than these.
  for (let more = true, round = 0; more && round < HANDED_ON_MAX; round++) {
    more = false;
    for (const body of bodies)
      for (const m of body.text.matchAll(/\b(\w+)\(/g)) {
        const found = ways.get(`${body.file} ${m[1]}`) ?? ways.get(m[1]!);
        for (const way of found ? [...found] : []) more = take(body, way, argumentsAt(body.text, m.index + m[0].length)) || more;
      }
  }
  return said;
}
