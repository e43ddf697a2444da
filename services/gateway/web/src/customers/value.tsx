// A field's value as it is read, and as it is typed.
import { Badge, Checkbox, Group, NumberInput, Select, Stack, TagsInput, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from '../i18n/words';
import { contacts } from '../api/customers';
import { peopleQuery } from '../api/people';
import { UserStatus } from '../gen/baton/v1/directory_pb';
import { useFormat } from '../i18n/format';
import { addressOf } from '../leads/peek';
import { useAccountName } from './data';
import { ACCOUNT_TYPES, type Field } from './kinds';

type Address = Parameters<typeof addressOf>[0];

export function PersonName({ id }: { id: string }) {
  const { data } = useQuery(peopleQuery);
  return <>{data?.get(id)?.name ?? ''}</>;
}

export function AccountLink({ id }: { id: string }) {
  const name = useAccountName(id);
  return <Link to="/accounts/$id" params={{ id }} onClick={(event) => event.stopPropagation()}>{name || '…'}</Link>;
}

export function Value({ field, value }: { field: Field; value: unknown }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (value === undefined || value === '' || value === 0n || value === 0 || value === false) return null;
  if (field.kind === 'address') return <>{addressOf(value as Address)}</>;
  if (field.kind === 'number') return <>{format.number(value as bigint)}</>;
  if (field.kind === 'type') return <Badge size="sm" variant="light" tt="none">{t(`accountType.${value}`)}</Badge>;
  if (field.kind === 'person') return <PersonName id={String(value)} />;
  if (field.kind === 'account') return <AccountLink id={String(value)} />;
  if (field.kind === 'yes') return <>{t('yes')}</>;
  if (field.kind === 'tags') return <Group gap={4} wrap="nowrap">{(value as string[]).map((tag) => <Badge key={tag} size="sm" variant="outline" tt="none">{tag}</Badge>)}</Group>;
  return <>{String(value)}</>;
}

export function PersonInput({ value, onChange, ...props }: { value: string; onChange: (id: string) => void; label?: string; placeholder?: string; autoFocus?: boolean; size?: string; error?: string; withAsterisk?: boolean }) {
  const { data } = useQuery(peopleQuery);
  const people = [...(data?.values() ?? [])].filter((u) => u.status === UserStatus.ACTIVE || u.id === value);
  return (
    <Select {...props} searchable clearable limit={50} data={people.map((u) => ({ value: u.id, label: u.name }))} value={value || null} onChange={(id) => onChange(id ?? '')}
      comboboxProps={{ withinPortal: true }} />
  );
}

export function AccountInput({ value, onChange, ...props }: { value: string; onChange: (id: string) => void; label?: string; placeholder?: string; autoFocus?: boolean; size?: string; error?: string; withAsterisk?: boolean }) {
  const known = useAccountName(value);
  const [typed, setTyped] = useState('');
  const [late] = useDebouncedValue(typed, 120);
  const { data } = useQuery({
    queryKey: ['found', 'account-names', late],
    queryFn: async ({ signal }) => (await contacts.searchContacts({ search: { query: late }, types: ['account'], pageSize: 10 }, { signal })).found.flatMap((f) => f.account ?? []),
  });
  const options = new Map([...(value && known ? [[value, known] as const] : []), ...(data ?? []).map((a) => [a.id, a.name] as const)]);
  return (
    <Select aria-label={props.label ?? props.placeholder} {...props} searchable clearable filter={({ options: all }) => all} data={[...options].map(([id, label]) => ({ value: id, label }))} value={value || null}
      onSearchChange={setTyped} onChange={(id) => onChange(id ?? '')} />
  );
}

const PARTS = ['street', 'postalCode', 'city', 'state', 'country'] as const;

function AddressInput({ value, onChange, size }: { value: Address; onChange: (a: object | undefined) => void; size?: string }) {
  const { t } = useTranslation();
  const set = (name: string, text: string) => {
    const next = Object.fromEntries(PARTS.map((p) => [p, p === name ? text : (value?.[p] ?? '')]).filter(([, v]) => v));
    onChange(Object.keys(next).length > 0 ? next : undefined);
  };
  return <Stack gap={4}>{PARTS.map((p) => <TextInput key={p} size={size} label={t(`field.${p}`)} value={value?.[p] ?? ''} onChange={(e) => set(p, e.currentTarget.value)} />)}</Stack>;
}

const TYPES: { [kind: string]: string } = { email: 'email', phone: 'tel', url: 'url', date: 'date' };

interface ValueInputProps {
  field: Field;
  value: unknown;
  onChange: (value: unknown) => void;
  label?: string;
  autoFocus?: boolean;
  error?: string;
  size?: string;
}

export function ValueInput({ field, value, onChange, ...props }: ValueInputProps) {
  const { t } = useTranslation();
  const named = { ...props, 'aria-label': props.label ? undefined : t(`field.${field.name}`) };
  if (field.kind === 'address') return <AddressInput size={props.size} value={value as Address} onChange={onChange} />;
  if (field.kind === 'person') return <PersonInput {...named} value={String(value ?? '')} onChange={onChange} />;
  if (field.kind === 'account') return <AccountInput {...named} value={String(value ?? '')} onChange={onChange} />;
  if (field.kind === 'yes') return <Checkbox label={t(`field.${field.name}`)} checked={value === true} onChange={(e) => onChange(e.currentTarget.checked)} />;
  if (field.kind === 'tags') return <TagsInput {...named} value={(value as string[]) ?? []} onChange={onChange} maxTags={32} />;
  if (field.kind === 'type') {
    return (
      <Select {...named} clearable data={ACCOUNT_TYPES.map((a) => ({ value: String(a), label: t(`accountType.${a}`) }))} value={value ? String(value) : null}
        onChange={(v) => onChange(v ? Number(v) : undefined)} />
    );
  }
  if (field.kind === 'number') {
    return <NumberInput {...named} thousandSeparator allowDecimal={false} allowNegative={false} value={value ? Number(value) : ''} onChange={(n) => onChange(n === '' ? undefined : BigInt(n))} />;
  }
  return <TextInput {...named} type={TYPES[field.kind] ?? 'text'} value={String(value ?? '')} onChange={(e) => onChange(e.currentTarget.value)} />;
}
