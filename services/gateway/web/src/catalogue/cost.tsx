// What so much of a product costs on a day, for whom, and how that comes about.
import { Button, Group, Select, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { saidOf } from '../i18n';
import { useTranslation } from '../i18n/words';
import { AccountInput } from '../customers/value';
import { useMoney } from '../i18n/money';
import { e4Of } from '../quotes/logic';
import { refusalOf } from '../api/refusal';
import { catalogue, useRows } from './data';
import style from './catalogue.module.css';

export function Cost() {
  const { t } = useTranslation();
  const money = useMoney();
  const products = useRows('product').filter((p) => !p.retired);
  const books = useRows('priceBook').filter((b) => !b.supersededById);
  const [productId, setProduct] = useState<string | null>(null);
  const [priceBookId, setBook] = useState<string | null>(null);
  const [quantity, setQuantity] = useState('1');
  const [accountId, setAccount] = useState('');
  const [day, setDay] = useState('');
  const ask = useMutation({ mutationFn: () => catalogue.priceProduct({ productId: productId ?? undefined, priceBookId: priceBookId ?? undefined, quantityE4: e4Of(quantity), accountId: accountId || undefined, day: day || undefined }) });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (productId && e4Of(quantity)) ask.mutate();
  };
  const price = ask.data?.price;
  return (
    <section className={style.card} aria-label={t('catalogue.cost')}>
      <h2 className={style.h}>{t('catalogue.cost')}</h2>
      <form onSubmit={submit}>
        <Group gap="xs" align="end">
          <Select size="xs" className={style.grows} label={t('catalogue.field.productId')} searchable limit={50} data={products.map((p) => ({ value: p.id, label: String(p.name) }))} value={productId} onChange={setProduct} />
          <TextInput size="xs" w={90} label={t('catalogue.quantity')} inputMode="decimal" value={quantity} onChange={(e) => setQuantity(e.currentTarget.value)} error={e4Of(quantity) ? undefined : t('catalogue.unreadable')} />
          <Select size="xs" className={style.grows} label={t('catalogue.field.priceBookId')} clearable data={books.map((b) => ({ value: b.id, label: String(b.name) }))} value={priceBookId} onChange={setBook} />
          <div className={style.grows}><AccountInput size="xs" label={t('catalogue.field.accountId')} value={accountId} onChange={setAccount} /></div>
          <TextInput size="xs" type="date" label={t('catalogue.field.day')} value={day} onChange={(e) => setDay(e.currentTarget.value)} />
          <Button type="submit" size="xs" disabled={!productId} loading={ask.isPending}>{t('catalogue.askCost')}</Button>
        </Group>
      </form>
      {ask.error && <p className={style.late} role="alert">{refusalOf(ask.error).message}</p>}
      {price && <div role="status"><p className={style.price}>{money.full(price.amount)}</p><ul className={style.why}>{price.why.map((line, i) => <li key={i}>{saidOf(line)}</li>)}</ul></div>}
    </section>
  );
}
