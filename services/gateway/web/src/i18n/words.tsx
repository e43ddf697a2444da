// What the page says, in the reader's language. A hook that copies all of i18next for each part that is drawn is more than a
// list of many cells can afford; here all share one.
import i18next, { type TFunction, type TOptions } from 'i18next';
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';

// What is said without a name or a number in it is looked up once.
function now() {
  const look = i18next.getFixedT(i18next.language);
  const said = new Map<string, string>();
  const t = (key: string, options?: TOptions) => {
    if (options) return look(key, options);
    const text = said.get(key) ?? look(key);
    said.set(key, text);
    return text;
  };
  return { t: t as TFunction, i18n: i18next };
}

const Context = createContext<ReturnType<typeof now> | undefined>(undefined);

export function Words({ children }: { children: ReactNode }) {
  const [words, setWords] = useState(now);
  useEffect(() => {
    const change = () => setWords(now());
    i18next.on('languageChanged', change);
    return () => i18next.off('languageChanged', change);
  }, []);
  return <Context value={words}>{children}</Context>;
}

export function useTranslation() {
  const words = useContext(Context);
  if (!words) throw new Error('nothing is said here');
  return words;
}
