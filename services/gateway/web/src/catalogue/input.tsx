// A value of the catalogue as it is typed. What is typed as text is read when it is kept.
import { ActionIcon, Button, Checkbox, Group, MultiSelect, Select, TagsInput, Textarea, TextInput } from '@mantine/core';
import { create } from '@bufbuild/protobuf';
import { useTranslation } from '../i18n/words';
import { AccountInput } from '../customers/value';
import { BundleComponentSchema, PriceTierSchema } from '../gen/baton/v1/catalogue_pb';
import { MoneySchema } from '../gen/baton/v1/common_pb';
import { Role } from '../gen/baton/v1/options_pb';
import { Icon } from '../ui/icons';
import { useRows } from './data';
import type { Field, FieldKind } from './kinds';
import { readOf, typedOf } from './logic';
import style from './catalogue.module.css';

// In a form these are text until they are kept.
export const TYPED: FieldKind[] = ['text', 'long', 'day', 'percent', 'quantity', 'rate', 'price', 'currency'];
const ROLES = [Role.REP, Role.INSIDE, Role.MANAGER, Role.ADMIN];

export type Pair = [string, string];

// Two things a row: an amount of money and its currency, quantities and prices, products and quantities.
export function pairsOf(kind: FieldKind, value: unknown, currency: string): Pair[] {
  const list = (value ?? []) as { fromQuantityE4: bigint; unitPrice: bigint; productId: string; quantityE4: bigint }[];
  if (kind === 'tiers') return list.map((tier) => [typedOf('quantity', tier.fromQuantityE4, ''), typedOf('price', tier.unitPrice, currency)]);
  if (kind === 'parts') return list.map((c) => [c.productId, typedOf('quantity', c.quantityE4, '')]);
  const amount = value as { currencyCode: string; minorUnits: bigint } | undefined;
  return amount?.currencyCode ? [[typedOf('price', amount.minorUnits, amount.currencyCode), amount.currencyCode]] : [];
}

export function readPairs(kind: FieldKind, pairs: Pair[], currency: string): unknown {
  const some = pairs.filter(([a, b]) => a.trim() || (kind !== 'money' && b.trim()));
  const read = some.map(([a, b]) => {
    if (kind === 'money') return [readOf('price', a, b.trim().toUpperCase() || 'EUR'), readOf('currency', b, '')];
    return kind === 'tiers' ? [readOf('quantity', a, ''), readOf('price', b, currency)] : [a || null, readOf('quantity', b, '')];
  });
  if (read.some((r) => r.some((v) => v === null || v === undefined))) return null;
  if (kind === 'tiers') return read.map(([fromQuantityE4, unitPrice]) => create(PriceTierSchema, { fromQuantityE4, unitPrice } as never));
  if (kind === 'parts') return read.map(([productId, quantityE4]) => create(BundleComponentSchema, { productId, quantityE4 } as never));
  return read[0] ? create(MoneySchema, { minorUnits: read[0][0], currencyCode: read[0][1] } as never) : undefined;
}

interface InputProps {
  field: Field;
  value: unknown;
  onChange: (value: unknown) => void;
  error?: string;
  autoFocus?: boolean;
}

function Pairs({ field, value, onChange, error }: InputProps) {
  const { t } = useTranslation();
  const products = useRows('product').filter((p) => !p.retired);
  const pairs = value as Pair[];
  const label = t(`catalogue.field.${field.name}`);
  const set = (at: number, side: 0 | 1, text: string) => onChange(pairs.map((p, i) => (i === at ? (side ? [p[0], text] : [text, p[1]]) : p)));
  const [first, second] = [t(`catalogue.pair.${field.kind}.0`), t(`catalogue.pair.${field.kind}.1`)];
  return (
    <fieldset className={style.fields}>
      <legend>{label}</legend>
      {pairs.map(([a, b], i) => (
        <Group key={i} gap="xs" wrap="nowrap">
          {field.kind === 'parts'
            ? <Select size="xs" className={style.grows} searchable limit={50} aria-label={first} data={products.map((p) => ({ value: p.id, label: String(p.name) }))} value={a || null} onChange={(id) => set(i, 0, id ?? '')} />
            : <TextInput size="xs" className={style.grows} inputMode="decimal" aria-label={first} placeholder={first} value={a} onChange={(e) => set(i, 0, e.currentTarget.value)} />}
          <TextInput size="xs" className={style.grows} inputMode={field.kind === 'money' ? undefined : 'decimal'} aria-label={second} placeholder={second} value={b} onChange={(e) => set(i, 1, e.currentTarget.value)} />
          <ActionIcon variant="subtle" color="gray" aria-label={t('catalogue.removeRow', { field: label, n: i + 1 })} onClick={() => onChange(pairs.filter((_, at) => at !== i))}><Icon name="close" size={15} /></ActionIcon>
        </Group>
      ))}
      {(field.kind !== 'money' || pairs.length === 0) && <Button size="compact-xs" variant="default" onClick={() => onChange([...pairs, ['', '']])}>{t('catalogue.addRow', { field: label })}</Button>}
      {error && <p className={style.late} role="alert">{error}</p>}
    </fieldset>
  );
}

export function Input({ field, value, onChange, error, autoFocus }: InputProps) {
  const { t } = useTranslation();
  const products = useRows('product');
  const books = useRows('priceBook').filter((b) => !b.supersededById);
  const props = { label: t(`catalogue.field.${field.name}`), error, required: field.isRequired, withAsterisk: false, 'data-autofocus': autoFocus || undefined };
  const typed = { ...props, value: String(value ?? ''), onChange: (e: { currentTarget: { value: string } }) => onChange(e.currentTarget.value) };
  const roles = ROLES.map((r) => ({ value: String(r), label: t(`role.${r}`) }));
  const named = (rows: { id: string; name?: unknown; code?: unknown }[]) => rows.map((r) => ({ value: r.id, label: `${r.name} (${r.code})` }));
  switch (field.kind) {
    case 'long': return <Textarea {...typed} autosize minRows={2} maxRows={8} maxLength={4000} />;
    case 'day': return <TextInput {...typed} type="date" />;
    case 'percent': return <TextInput {...typed} inputMode="decimal" rightSection="%" />;
    case 'quantity': case 'price': case 'rate': return <TextInput {...typed} inputMode="decimal" />;
    case 'yes': return <Checkbox label={props.label} checked={value === true} onChange={(e) => onChange(e.currentTarget.checked || undefined)} />;
    case 'tags': return <TagsInput {...props} value={(value ?? []) as string[]} onChange={onChange} acceptValueOnBlur />;
    case 'product': return <Select {...props} searchable limit={50} data={named(products.filter((p) => !p.retired))} value={(value as string) || null} onChange={(id) => onChange(id ?? undefined)} />;
    case 'products': return <MultiSelect {...props} searchable limit={50} data={named(products)} value={(value ?? []) as string[]} onChange={onChange} />;
    case 'book': case 'supersedes': return <Select {...props} searchable clearable={!field.isRequired} data={named(books)} value={(value as string) || null} onChange={(id) => onChange(id ?? undefined)} />;
    case 'account': return <AccountInput label={props.label} error={error} value={String(value ?? '')} onChange={(id) => onChange(id || undefined)} />;
    case 'role': return <Select {...props} data={roles} value={value ? String(value) : null} onChange={(r) => onChange(r ? Number(r) : undefined)} />;
    case 'roles': return <MultiSelect {...props} searchable maxValues={5} data={roles} value={((value ?? []) as number[]).map(String)} onChange={(list) => onChange(list.map(Number))} />;
    case 'tiers': case 'parts': case 'money': return <Pairs field={field} value={value} onChange={onChange} error={error} />;
    default: return <TextInput {...typed} maxLength={400} />;
  }
}
