// The lines of a quote as a table that is filled in by keys: product, quantity, discounts; prices come from the server,
// with how they came about.
import { ActionIcon, Button, NumberInput, Select, TextInput } from '@mantine/core';
import { type KeyboardEvent, useState } from 'react';
import { saidOf } from '../i18n';
import { useTranslation } from '../i18n/words';
import type { Product } from '../gen/baton/v1/opportunities_pb';
import type { Quote, QuoteLine } from '../gen/baton/v1/quotes_pb';
import { amountOf, majorOf, useMoney } from '../i18n/money';
import { Icon } from '../ui/icons';
import type { Draft, Fault } from './logic';
import style from './quotes.module.css';

interface RowProps {
  draft: Draft;
  at: number;
  // As it was priced; undefined: it was not yet.
  line?: QuoteLine;
  products: Product[];
  currency: string;
  faults: Fault[];
  problem?: string;
  set: (change: Partial<Draft>) => void;
  remove: () => void;
}

const cell = (at: number, column: string) => ({ 'data-row': at, 'data-column': column });
export const focusCell = (at: number, column: string) => requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-row="${at}"][data-column="${column}"]`)?.focus());

function Row({ draft, at, line, products, currency, faults, problem, set, remove }: RowProps) {
  const { t } = useTranslation();
  const money = useMoney();
  const [isOpen, setOpen] = useState(false);
  const show = (minorUnits?: bigint) => (line && minorUnits !== undefined ? money.full({ currencyCode: currency, minorUnits }) : '–');
  const fault = (field: Fault['field']) => (faults.some((f) => f.key === draft.key && f.field === field) ? t(`quotes.fault.${field}`) : undefined);
  const label = (name: string) => t('quotes.cell', { name: t(`quotes.${name}`), line: at + 1 });
  const options = [...products.map((p) => ({ value: p.id, label: `${p.code} · ${p.name}` })),
    ...(draft.productId && line && !products.some((p) => p.id === draft.productId) ? [{ value: draft.productId, label: `${line.productCode} · ${line.name}` }] : [])];
  return (
    <>
      <tr data-bad={problem !== undefined || undefined}>
        <td className={style.number}>{at + 1}</td>
        <td className={style.product}>
          <Select {...cell(at, 'product')} size="xs" searchable limit={30} allowDeselect={false} aria-label={label('product')} placeholder={t('quotes.findProduct')} data={options} value={draft.productId || null}
            nothingFoundMessage={t('quotes.noProduct')} onChange={(id) => {
              set({ productId: id ?? '' });
              focusCell(at, 'quantity');
            }} />
        </td>
        <td><TextInput {...cell(at, 'quantity')} size="xs" inputMode="decimal" aria-label={label('quantity')} error={fault('quantity')} value={draft.quantity} onFocus={(e) => e.currentTarget.select()} onChange={(e) => set({ quantity: e.currentTarget.value })} /></td>
        <td><TextInput {...cell(at, 'discounts')} size="xs" inputMode="text" aria-label={label('discount')} placeholder="10 + 5" error={fault('discounts')} value={draft.discounts} onChange={(e) => set({ discounts: e.currentTarget.value })} /></td>
        <td className={style.sum} data-label={t('quotes.unitPrice')}>{show(line?.unitPrice)}</td>
        <td className={style.sum} data-label={t('quotes.net')}><b>{show(line?.net)}</b></td>
        <td className={style.rowActs}>
          <ActionIcon variant="subtle" color="gray" aria-label={t('quotes.whyLine', { line: at + 1 })} aria-expanded={isOpen} disabled={!line} onClick={() => setOpen(!isOpen)}><Icon name="more" size={16} /></ActionIcon>
          <ActionIcon variant="subtle" color="gray" aria-label={t('quotes.remove', { line: at + 1 })} onClick={remove}><Icon name="trash" size={15} /></ActionIcon>
        </td>
      </tr>
      {(problem || isOpen) && (
        <tr className={style.under}><td /><td colSpan={6}>
          {problem && <p className={style.problem} role="alert">{problem}</p>}
          {isOpen && line && <ul className={style.why}>{line.why.map((w) => <li key={w}>{saidOf(w)}</li>)}{line.taxName && <li>{line.taxName}: {show(line.tax)}</li>}</ul>}
        </td></tr>
      )}
    </>
  );
}

interface LinesProps {
  quote: Quote;
  drafts: Draft[];
  // Which drafts the quote's lines are of, in their order.
  priced: number[];
  products: Product[];
  faults: Fault[];
  problem?: { key: number; text: string };
  set: (key: number, change: Partial<Draft>) => void;
  add: () => void;
  remove: (key: number) => void;
}

const COLUMNS = ['product', 'quantity', 'discount', 'unitPrice', 'net'];

export function Lines({ quote, drafts, priced, products, faults, problem, set, add, remove }: LinesProps) {
  const { t } = useTranslation();
  const press = (event: KeyboardEvent<HTMLElement>) => {
    const { row, column } = (event.target as HTMLElement).dataset;
    if (row === undefined || !column || event.nativeEvent.isComposing) return;
    const at = Number(row);
    const draft = drafts[at];
    if (event.key === 'Backspace' && (event.ctrlKey || event.metaKey) && draft) {
      event.preventDefault();
      remove(draft.key);
      focusCell(Math.max(0, at - 1), 'product');
    } else if (event.key === 'Enter' && column !== 'product') {
      event.preventDefault();
      if (at === drafts.length - 1) add();
      else focusCell(at + 1, column);
    } else if (event.altKey && ['ArrowUp', 'ArrowDown'].includes(event.key)) {
      event.preventDefault();
      focusCell(at + (event.key === 'ArrowUp' ? -1 : 1), column);
    }
  };
  return (
    <>
      <table className={style.lines} onKeyDown={press} aria-label={t('quotes.lines')}>
        <thead><tr><th scope="col"><span className="sr">{t('quotes.line')}</span></th>{COLUMNS.map((c) => <th key={c} scope="col">{t(`quotes.${c}`)}</th>)}<th scope="col"><span className="sr">{t('quotes.more')}</span></th></tr></thead>
        <tbody>
          {drafts.map((draft, i) => (
            <Row key={draft.key} draft={draft} at={i} line={quote.lines[priced.indexOf(draft.key)]} products={products} currency={quote.currencyCode} faults={faults}
              problem={problem?.key === draft.key ? problem.text : undefined} set={(change) => set(draft.key, change)} remove={() => remove(draft.key)} />
          ))}
        </tbody>
      </table>
      <Button size="xs" variant="default" leftSection={<Icon name="plus" size={14} />} onClick={add} mt="xs">{t('quotes.add')}</Button>
    </>
  );
}

// The same, of a quote that is not changed any more.
export function FixedLines({ quote }: { quote: Quote }) {
  const { t } = useTranslation();
  const money = useMoney();
  const show = (minorUnits: bigint) => money.full({ currencyCode: quote.currencyCode, minorUnits });
  return (
    <table className={style.lines} aria-label={t('quotes.lines')} data-fixed>
      <thead><tr><th scope="col"><span className="sr">{t('quotes.line')}</span></th>{COLUMNS.map((c) => <th key={c} scope="col">{t(`quotes.${c}`)}</th>)}</tr></thead>
      <tbody>
        {quote.lines.map((line, i) => (
          <tr key={i}>
            <td className={style.number}>{i + 1}</td><td className={style.product}>{line.productCode} · {line.name}</td><td className="num">{Number(line.quantityE4) / 10_000} {line.unit}</td>
            <td className="num">{line.discountsE4.map((e4) => `${Number(e4) / 10_000} %`).join(' + ')}</td><td className={style.sum} data-label={t('quotes.unitPrice')}>{show(line.unitPrice)}</td>
            <td className={style.sum} data-label={t('quotes.net')}><b>{show(line.net)}</b></td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function Totals({ quote, discount, setDiscount, isLate }: { quote: Quote; discount?: bigint; setDiscount?: (minor: bigint) => void; isLate: boolean }) {
  const { t } = useTranslation();
  const money = useMoney();
  const amount = (minorUnits: bigint) => ({ currencyCode: quote.currencyCode, minorUnits });
  const show = (minorUnits: bigint) => money.full(amount(minorUnits));
  return (
    <dl className={style.totals} data-late={isLate || undefined} aria-live="polite">
      {setDiscount && (
        <><dt id="whole-discount">{t('quotes.whole')}</dt><dd><NumberInput size="xs" w={130} hideControls min={0} allowNegative={false} thousandSeparator aria-labelledby="whole-discount" value={discount ? majorOf(amount(discount)) : ''}
          onChange={(n) => setDiscount(n === '' ? 0n : amountOf(quote.currencyCode, Number(n)).minorUnits)} /></dd></>
      )}
      <dt>{t('quotes.gross')}</dt><dd>{show(quote.gross)}</dd>
      {quote.reduction > 0n && <><dt>{t('quotes.reduction')}</dt><dd>−{show(quote.reduction)}</dd></>}
      <dt>{t('quotes.net')}</dt><dd>{show(quote.net)}</dd>
      {quote.taxes.map((tax) => [<dt key={`${tax.name}t`}>{tax.name} {Number(tax.percentE4) / 10_000} %</dt>, <dd key={tax.name}>{show(tax.tax)}</dd>])}
      <dt><b>{t('quotes.total')}</b></dt><dd className={style.total}>{show(quote.total)}</dd>
    </dl>
  );
}
