// The fields of a deal: as they are read, and as they are typed.
import { Group, NumberInput, Select, Textarea, TextInput } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useTranslation } from '../i18n/words';
import { AccountInput, AccountLink, PersonInput, PersonName } from '../customers/value';
import type { Opportunity } from '../gen/baton/v1/opportunities_pb';
import { useFormat } from '../i18n/format';
import { type Amount, amountOf, majorOf, useMoney } from '../i18n/money';
import { msOfDay } from './logic';

type Kind = 'text' | 'long' | 'money' | 'day' | 'percent' | 'person' | 'account';

// What can be filled in, in the order of a page.
export const FIELDS = {
  name: 'text', amount: 'money', closeDate: 'day', probability: 'percent', nextStep: 'long', accountId: 'account', ownerId: 'person', leadSource: 'text', campaignId: 'text',
} as const satisfies Partial<{ [field in keyof Opportunity]: Kind }>;
export type Field = keyof typeof FIELDS;

const USUAL_CURRENCY = 'EUR';
const isField = (name: string): name is Field => name in FIELDS;

// "close_date" as messages here have it; undefined: it cannot be filled in here.
export function fieldOf(path: string): Field | undefined {
  const name = path.replace(/_(.)/g, (_, c: string) => c.toUpperCase());
  return isField(name) ? name : undefined;
}

interface InputProps {
  label: string;
  error?: string;
  autoFocus?: boolean;
  required?: boolean;
  withAsterisk?: boolean;
}

type Of<V> = InputProps & { value: V | undefined; onChange: (value: V | undefined) => void };

export function MoneyInput({ value, onChange, label, ...props }: Of<Amount>) {
  const { t } = useTranslation();
  const currencies = useMemo(() => Intl.supportedValuesOf('currency'), []);
  const [currency, setCurrency] = useState(value?.currencyCode || USUAL_CURRENCY);
  const major = value ? majorOf(value) : '';
  const set = (code: string, n: number | '') => onChange(n === '' ? undefined : amountOf(code, n));
  return (
    <Group gap={6} wrap="nowrap" align="flex-end">
      <NumberInput {...props} label={label} flex={1} value={major} min={0} hideControls allowNegative={false} thousandSeparator inputMode="decimal"
        onChange={(n) => set(currency, n === '' ? '' : Number(n))} />
      <Select w={92} aria-label={t('deals.currency')} data={currencies} searchable allowDeselect={false} value={currency} onChange={(code) => {
        if (!code) return;
        setCurrency(code);
        if (value) set(code, majorOf(value));
      }} />
    </Group>
  );
}

export function FieldInput({ field, value, onChange, ...given }: Of<unknown> & { field: Field }) {
  const props = { ...given, withAsterisk: false };
  const kind: Kind = FIELDS[field];
  const text = typeof value === 'string' ? value : '';
  if (kind === 'money') return <MoneyInput {...props} value={value as Amount | undefined} onChange={onChange} />;
  if (kind === 'account') return <AccountInput {...props} value={text} onChange={(id) => onChange(id || undefined)} />;
  if (kind === 'person') return <PersonInput {...props} value={text} onChange={(id) => onChange(id || undefined)} />;
  if (kind === 'percent') {
    return <NumberInput {...props} min={0} max={100} suffix=" %" allowDecimal={false} value={typeof value === 'number' ? value : ''} onChange={(n) => onChange(n === '' ? undefined : Number(n))} />;
  }
  if (kind === 'long') return <Textarea {...props} autosize minRows={2} maxRows={6} maxLength={2000} value={text} onChange={(e) => onChange(e.currentTarget.value)} />;
  return <TextInput {...props} type={kind === 'day' ? 'date' : 'text'} maxLength={400} value={text} onChange={(e) => onChange(e.currentTarget.value)} />;
}

export function FieldText({ field, value }: { field: Field; value: unknown }) {
  const format = useFormat();
  const money = useMoney();
  if (value === undefined || value === '') return null;
  const kind: Kind = FIELDS[field];
  if (kind === 'money') return <>{money.full(value as Amount)}</>;
  if (kind === 'day') return <>{format.day(msOfDay(String(value)))}</>;
  if (kind === 'percent') return <>{format.number(value as number)} %</>;
  if (kind === 'account') return <AccountLink id={String(value)} />;
  if (kind === 'person') return <PersonName id={String(value)} />;
  return <>{String(value)}</>;
}
