// Amounts of money as the reader's language writes them.
import { perLocale } from './format';

export interface Amount {
  currencyCode: string;
  minorUnits: bigint;
}

const digits = new Map<string, number>();

// How many places behind the point a currency has.
export function digitsOf(currency: string): number {
  if (!currency) return 2;
  let known = digits.get(currency);
  if (known === undefined) {
    known = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
    digits.set(currency, known);
  }
  return known;
}

export const majorOf = (amount: Amount) => Number(amount.minorUnits) / 10 ** digitsOf(amount.currencyCode);
export const amountOf = (currencyCode: string, major: number): Amount => ({ currencyCode, minorUnits: BigInt(Math.round(major * 10 ** digitsOf(currencyCode))) });

export interface MoneyFormat {
  // To the cent, where there are any.
  full: (amount?: Amount) => string;
  // For where there is little room: 1.2M.
  short: (amount?: Amount) => string;
}

export function moneyIn(language: string): MoneyFormat {
  const formats = new Map<string, Intl.NumberFormat>();
  const format = (amount: Amount, isShort: boolean) => {
    const major = majorOf(amount);
    const isWhole = Number.isInteger(major);
    const key = `${amount.currencyCode}${isShort}${isWhole}`;
    let found = formats.get(key);
    if (!found) {
      found = new Intl.NumberFormat(language, {
        style: 'currency', currency: amount.currencyCode,
        ...(isShort ? { notation: 'compact', maximumFractionDigits: 1 } : isWhole ? { maximumFractionDigits: 0 } : {}),
      });
      formats.set(key, found);
    }
    return found.format(major);
  };
  const shown = (isShort: boolean) => (amount?: Amount) => (amount?.currencyCode ? format(amount, isShort) : '');
  return { full: shown(false), short: shown(true) };
}

export const useMoney = perLocale(moneyIn);
