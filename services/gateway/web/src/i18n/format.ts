// Times, numbers and names as the reader's language writes them.
import type { Timestamp } from '@bufbuild/protobuf/wkt';
import type { TFunction } from 'i18next';
import { useTranslation } from './words';
import { serverNow } from '../api/clock';

export const msOf = (at?: Timestamp) => (at ? Number(at.seconds) * 1000 + Math.floor(at.nanos / 1e6) : NaN);
export const timestampOf = (ms: number) => ({ seconds: BigInt(Math.floor(ms / 1000)), nanos: (ms % 1000) * 1e6 });

const HAN = /\p{Script=Han}/u;

export function personName(p: { salutation?: string; firstName?: string; lastName?: string }): string {
  if (HAN.test(p.lastName ?? '') && HAN.test(p.firstName ?? '')) return `${p.lastName}${p.firstName}`;
  return [p.salutation, p.firstName, p.lastName].filter(Boolean).join(' ');
}

export interface Format {
  moment: (at?: Timestamp | number) => string;
  day: (at?: Timestamp | number) => string;
  clock: (at: number) => string;
  number: (n?: number | bigint) => string;
  ago: (at?: Timestamp | number) => string;
  list: (parts: string[]) => string;
}

const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [['day', 86_400_000], ['hour', 3_600_000], ['minute', 60_000]];

export function formatIn(language: string, words: { today: string }): Format {
  const day = new Intl.DateTimeFormat(language, { weekday: 'short', day: 'numeric', month: 'short' });
  const other = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short', year: 'numeric' });
  const clock = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit' });
  const number = new Intl.NumberFormat(language);
  const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto', style: 'short' });
  const lists = new Intl.ListFormat(language, { type: 'conjunction' });
  const ms = (at?: Timestamp | number) => (typeof at === 'number' ? at : msOf(at));
  const dayOf = (t: number) => (new Date(t).getFullYear() === new Date().getFullYear() ? day : other).format(t);
  return {
    clock: (at) => clock.format(at),
    day: (at) => (Number.isNaN(ms(at)) ? '' : dayOf(ms(at))),
    moment: (at) => {
      const t = ms(at);
      if (Number.isNaN(t)) return '';
      const today = new Date(t).toDateString() === new Date().toDateString();
      return `${today ? words.today : dayOf(t)}, ${clock.format(t)}`;
    },
    number: (n) => (n === undefined ? '' : number.format(n)),
    ago: (at) => {
      const t = ms(at);
      if (Number.isNaN(t)) return '';
      const away = t - serverNow();
      const [unit, size] = UNITS.find(([, s]) => Math.abs(away) >= s) ?? ['minute', 60_000];
      return Math.abs(away) > 30 * 86_400_000 ? dayOf(t) : relative.format(Math.trunc(away / size), unit);
    },
    list: (parts) => lists.format(parts),
  };
}

// English as it is written where the reader is.
export function localeOf(language: string, wishes: readonly string[]): string {
  const [first] = language.split('-');
  return wishes.find((wish) => wish.split('-')[0] === first) ?? language;
}

// A hook for what knows a language: it takes a millisecond to make, and every cell of a table asks for it.
export function perLocale<T>(make: (locale: string, t: TFunction) => T): () => T {
  const made = new Map<string, T>();
  return function usePerLocale() {
    const { t, i18n } = useTranslation();
    const locale = localeOf(i18n.language, navigator.languages);
    const found = made.get(locale) ?? make(locale, t);
    made.set(locale, found);
    return found;
  };
}

export const useFormat = perLocale((locale, t) => formatIn(locale, { today: t('time.today') }));
