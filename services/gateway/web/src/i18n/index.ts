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
    const [words, said] = await Promise.all([files[language](), sentences[language]?.()]);
    i18next.addResourceBundle(language, 'translation', words.default);
    if (said) i18next.addResourceBundle(language, REFUSALS, said.default);
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

// A reason of the server as the reader has it; fields are called as on pages.
export function saidOf(message: string): string {
  const nameOf = (field: string) => {
    const key = `field.${field.replace(/ (.)/g, (_, c: string) => c.toUpperCase())}`;
    return i18next.exists(key) ? i18next.t(key) : field;
  };
  return inWords(message, i18next.getResourceBundle(i18next.language, REFUSALS) as Sentences | undefined, nameOf);
}
