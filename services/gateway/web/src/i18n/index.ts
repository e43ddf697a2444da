// One file a language; only the one that is read is loaded.
import i18next from 'i18next';
import { inWords, type Sentences } from './refusals';
import { settings } from '../shell/settings';
import { type Language, languageOf } from './language';

export { LANGUAGES, type Language } from './language';

const files: { [language in Language]: () => Promise<{ default: object }> } = {
  en: () => import('./en.json'),
  'zh-Hant': () => import('./zh-Hant.json'),
};

// What the server says is English.
const sentences: { [language in Language]?: () => Promise<{ default: Sentences }> } = { 'zh-Hant': () => import('./refusals.zh-Hant.json') };
const REFUSALS = 'refusals';

export async function setLanguage(language: Language) {
  if (!i18next.hasResourceBundle(language, 'translation')) {
    const [words, rows] = await Promise.all([files[language](), sentences[language]?.()]);
    i18next.addResourceBundle(language, 'translation', words.default);
    if (rows) i18next.addResourceBundle(language, REFUSALS, rows.default);
  }
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
}

export async function startLanguages() {
  await i18next.init({
    resources: {}, fallbackLng: false, returnNull: false, interpolation: { escapeValue: false }, showSupportNotice: false,
  } as Parameters<typeof i18next.init>[0]);
  await setLanguage(settings.get().language ?? languageOf(navigator.languages));
}

const SAID_MAX = 500;
const said = new Map<string, string>();

// A reason of the server, of a refusal or of what it did, as the reader has it; fields are called as on pages. Lists ask for the
// same again and again.
export function saidOf(message: string): string {
  const sentences = i18next.getResourceBundle(i18next.language, REFUSALS) as Sentences | undefined;
  if (!sentences) return message;
  const nameOf = (field: string) => {
    const key = `field.${field.replaceAll('.', '_').replace(/ (.)/g, (_, c: string) => c.toUpperCase())}`;
    return i18next.exists(key) ? i18next.t(key) : field;
  };
  const key = `${i18next.language} ${message}`;
  const words = said.get(key) ?? inWords(message, sentences, nameOf);
  if (said.size >= SAID_MAX) said.clear();
  said.set(key, words);
  return words;
}
