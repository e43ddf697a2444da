// One file a language; only the one that is read is loaded.
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { settings } from '../shell/settings';
import { type Language, languageOf } from './language';

export { LANGUAGES, type Language } from './language';

const files: { [language in Language]: () => Promise<{ default: object }> } = {
  en: () => import('./en.json'),
  'zh-Hant': () => import('./zh-Hant.json'),
};

export async function setLanguage(language: Language) {
  if (!i18next.hasResourceBundle(language, 'translation')) {
    i18next.addResourceBundle(language, 'translation', (await files[language]()).default);
  }
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
}

export async function startLanguages() {
  await i18next.use(initReactI18next).init({
    resources: {}, fallbackLng: false, returnNull: false, interpolation: { escapeValue: false }, showSupportNotice: false,
  } as Parameters<typeof i18next.init>[0]);
  await setLanguage(settings.get().language ?? languageOf(navigator.languages));
}
