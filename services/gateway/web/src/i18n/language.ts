// Which languages there are, and which one somebody gets.
export const LANGUAGES = { en: 'English', 'zh-Hant': '繁體中文' };
export type Language = keyof typeof LANGUAGES;

export function languageOf(wishes: readonly string[]): Language {
  for (const wish of wishes) {
    if (/^en\b/i.test(wish)) return 'en';
    if (/^zh\b/i.test(wish)) return 'zh-Hant';
  }
  return 'en';
}
