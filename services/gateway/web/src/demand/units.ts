// Units and months as the reader's language writes them.
import { perLocale } from '../i18n/format';

export const useUnits = perLocale((locale) => {
  const format = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  return (n: number) => format.format(n);
});

export const useMonth = perLocale((locale) => {
  const format = new Intl.DateTimeFormat(locale, { month: 'short', year: 'numeric', timeZone: 'UTC' });
  return (month: string) => format.format(new Date(`${month}-01T00:00:00Z`));
});
