// A value of the catalogue as it is read.
import { useTranslation } from '../i18n/words';
import { AccountLink } from '../customers/value';
import type { BundleComponent, PriceTier } from '../gen/baton/v1/catalogue_pb';
import { useFormat } from '../i18n/format';
import { type Amount, useMoney } from '../i18n/money';
import { useRows } from './data';
import type { Field } from './kinds';
import { type Row, typedOf, type Values } from './logic';
import { textOf } from '../quotes/logic';

const dayMs = (day: string) => new Date(`${day}T12:00:00`).getTime();

// What another record is called.
export function useNamesOf() {
  const products = useRows('product');
  const books = useRows('priceBook');
  const product = (id: string) => String(products.find((p) => p.id === id)?.name ?? '…');
  const bookOf = (id: unknown) => books.find((b) => b.id === id);
  return { product, bookOf, book: (id: string) => String(bookOf(id)?.name ?? '…'), currencyOf: (row: Values) => String(bookOf(row.priceBookId)?.currencyCode ?? '') };
}

export function Cell({ field, row }: { field: Field; row: Row }) {
  const { t } = useTranslation();
  const format = useFormat();
  const money = useMoney();
  const names = useNamesOf();
  const value = row[field.name];
  const currency = names.currencyOf(row);
  if (value === undefined || value === '' || value === false || (Array.isArray(value) && value.length === 0)) return null;
  const price = (minorUnits: bigint) => (currency ? money.full({ currencyCode: currency, minorUnits }) : '…');
  switch (field.kind) {
    case 'day': return <>{format.day(dayMs(String(value)))}</>;
    case 'percent': return field.isRequired || value !== 0n ? <>{textOf(value as bigint)} %</> : null;
    case 'quantity': return value !== 0n ? <>{textOf(value as bigint)}</> : null;
    case 'rate': return <>{typedOf('rate', value, '')}</>;
    case 'price': return <>{price(value as bigint)}</>;
    case 'money': return <>{money.full(value as Amount)}</>;
    case 'yes': return <>{t('yes')}</>;
    case 'tags': return <>{(value as string[]).join(', ')}</>;
    case 'product': return <b>{names.product(String(value))}</b>;
    case 'products': return <>{(value as string[]).map(names.product).join(', ')}</>;
    case 'book': case 'supersedes': return <>{names.book(String(value))}</>;
    case 'account': return <AccountLink id={String(value)} />;
    case 'role': return <b>{t(`role.${value}`)}</b>;
    case 'roles': return <>{(value as number[]).map((r) => t(`role.${r}`)).join(' → ')}</>;
    case 'tiers': return <>{(value as PriceTier[]).map((tier) => t('catalogue.from', { quantity: textOf(tier.fromQuantityE4), price: price(tier.unitPrice) })).join(', ')}</>;
    case 'parts': return <>{(value as BundleComponent[]).map((c) => `${textOf(c.quantityE4)} × ${names.product(c.productId)}`).join(', ')}</>;
    default: return field.name === 'name' ? <b>{String(value)}</b> : <>{String(value)}</>;
  }
}
