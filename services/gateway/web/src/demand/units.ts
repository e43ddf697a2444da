// Units and months as the reader's language writes them.
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { localeOf } from '../i18n/format';

export function useUnits(): (n: number) => string {
  const { i18n } = useTranslation();
  return useMemo(() => {
    const format = new Intl.NumberFormat(localeOf(i18n.language, navigator.languages), { maximumFractionDigits: 1 });
    return (n: number) => format.format(n);
  }, [i18n.language]);
}

export function useMonth(): (month: string) => string {
  const { i18n } = useTranslation();
  return useMemo(() => {
    const format = new Intl.DateTimeFormat(localeOf(i18n.language, navigator.languages), { month: 'short', year: 'numeric', timeZone: 'UTC' });
    return (month: string) => format.format(new Date(`${month}-01T00:00:00Z`));
  }, [i18n.language]);
}
