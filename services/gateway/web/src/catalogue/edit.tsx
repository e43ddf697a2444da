// One of the catalogue as it is made or changed; what cannot be read or is refused stands at its field.
import { Alert, Button, Group, Modal, Stack } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from '../i18n/words';
import { refusalOf } from '../api/refusal';
import { useKeep } from './data';
import { useNamesOf } from './cell';
import { Input, type Pair, pairsOf, readPairs, TYPED } from './input';
import { type Field, FIELDS, type Kind } from './kinds';
import { changesOf, readOf, type Row, typedOf, type Values } from './logic';

const PAIRS: string[] = ['tiers', 'parts', 'money'];

export function Edit({ kind, row, first, close }: { kind: Kind; row?: Row; first?: Values; close: () => void }) {
  const { t } = useTranslation();
  const names = useNamesOf();
  const fields = FIELDS[kind].filter((f) => !(row && f.isFixed));
  const before: Values = row ?? first ?? {};
  const isSaid = (f: Field) => row === undefined || Object.hasOwn(row, f.name);
  const [form, setForm] = useState<Values>(() => Object.fromEntries(fields.map((f) => {
    const value = isSaid(f) ? before[f.name] : undefined;
    return [f.name, PAIRS.includes(f.kind) ? pairsOf(f.kind, value, names.currencyOf(before)) : TYPED.includes(f.kind) ? typedOf(f.kind, value, names.currencyOf(before)) : value];
  })));
  const [faults, setFaults] = useState<{ [name: string]: string }>({});
  const keep = useKeep(kind, row, close);
  const refusal = keep.error ? refusalOf(keep.error) : undefined;
  const at = refusal?.field?.split('.').find((part) => fields.some((f) => f.name === part));

  const read = (f: Field): unknown => {
    const currency = names.currencyOf(row ?? form);
    if (PAIRS.includes(f.kind)) return readPairs(f.kind, form[f.name] as Pair[], currency);
    return TYPED.includes(f.kind) ? readOf(f.kind, String(form[f.name]), currency) : form[f.name];
  };
  const change = (name: string, value: unknown) => {
    setForm((v) => ({ ...v, [name]: value }));
    setFaults(({ [name]: _, ...others }) => others);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const now = Object.fromEntries(fields.map((f) => [f.name, read(f)]));
    const wrong = fields.filter((f) => now[f.name] === null || (f.isRequired && (now[f.name] === undefined || now[f.name] === '')));
    setFaults(Object.fromEntries(wrong.map((f) => [f.name, t(now[f.name] === null ? 'catalogue.unreadable' : 'catalogue.missing')])));
    if (wrong.length > 0) return;
    const said = Object.fromEntries(fields.filter(isSaid).map((f) => [f.name, before[f.name]]));
    const changes = row ? changesOf(fields, said, now) : now;
    if (row && Object.keys(changes).length === 0) close();
    else keep.mutate(changes);
  };
  return (
    <Modal opened onClose={close} title={t(row ? `catalogue.edit.${kind}` : `catalogue.new.${kind}`)} closeButtonProps={{ 'aria-label': t('close') }}>
      <form onSubmit={submit} noValidate>
        <Stack gap="sm">
          {fields.map((f, i) => <Input key={f.name} field={f} value={form[f.name]} onChange={(value) => change(f.name, value)} autoFocus={i === 0} error={faults[f.name] ?? (at === f.name ? refusal?.message : undefined)} />)}
          {refusal && !at && <Alert color="red" role="alert">{refusal.message}</Alert>}
          <Group justify="flex-end"><Button variant="default" onClick={close}>{t('cancel')}</Button><Button type="submit" loading={keep.isPending}>{t('save')}</Button></Group>
        </Stack>
      </form>
    </Modal>
  );
}
