// An item of printed material, and a place where it lies, as they are made or changed.
import { Alert, Button, Checkbox, Group, Modal, MultiSelect, NumberInput, Stack, TagsInput, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from '../i18n/words';
import { peopleQuery } from '../api/people';
import { records, saveEdit } from '../api/records';
import { type Refusal, refusalOf } from '../api/refusal';
import { UserStatus } from '../gen/baton/v1/directory_pb';
import type { CollateralItem, StockPlace } from '../gen/baton/v1/collateral_pb';
import { amountOf, majorOf } from '../i18n/money';
import { useAct } from './data';

type Values = { [name: string]: unknown };

// Made, or changed where something differs.
function useKeep(type: 'collateralItem' | 'stockPlace', before: CollateralItem | StockPlace | undefined, close: () => void) {
  const act = useAct(async (values: Values) => {
    if (before) return saveEdit(type, { id: before.id, revision: before.revision, values });
    const value = Object.fromEntries(Object.entries(values).filter(([, v]) => v !== undefined));
    return records.createRecord({ record: { record: { case: type, value } as never } });
  }, close, () => undefined);
  const refusal = act.error ? refusalOf(act.error) : undefined;
  return { act, refusal, at: (field: string) => (refusal?.field?.split('.').includes(field) ? refusal.message : undefined) };
}

function Foot({ refusal, isShown, close, isPending }: { refusal?: Refusal; isShown: boolean; close: () => void; isPending: boolean }) {
  const { t } = useTranslation();
  return (
    <>
      {refusal && !isShown && <Alert color="red" role="alert">{refusal.message}</Alert>}
      <Group justify="flex-end"><Button variant="default" onClick={close}>{t('cancel')}</Button><Button type="submit" loading={isPending}>{t('save')}</Button></Group>
    </>
  );
}

export function EditItem({ item, close }: { item?: CollateralItem; close: () => void }) {
  const { t } = useTranslation();
  const { act, refusal, at } = useKeep('collateralItem', item, close);
  const [languages, setLanguages] = useState(item?.languages ?? []);
  const [cost, setCost] = useState<number | string>(item?.unitCost ? majorOf(item.unitCost) : '');
  const [currency, setCurrency] = useState(item?.unitCost?.currencyCode ?? '');
  const [low, setLow] = useState<number | string>(item?.lowLevel || '');
  const [isRetired, setRetired] = useState(item?.retired ?? false);
  const isWhole = cost === '' || /^[A-Z]{3}$/.test(currency);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const said = new FormData(event.currentTarget);
    const text = (name: string) => String(said.get(name) ?? '').trim() || undefined;
    if (isWhole) act.mutate({ name: text('name'), sku: text('sku'), unit: text('unit'), note: text('note'), languages: languages.length > 0 ? languages : undefined, lowLevel: low === '' ? undefined : Number(low),
      unitCost: cost === '' ? undefined : amountOf(currency, Number(cost)), retired: isRetired || undefined });
  };
  return (
    <Modal opened onClose={close} title={t(item ? 'collateral.editItem' : 'collateral.newItem')} closeButtonProps={{ 'aria-label': t('close') }}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <TextInput name="name" label={t('field.name')} required withAsterisk={false} maxLength={200} data-autofocus defaultValue={item?.name} error={at('name')} />
          <TextInput name="sku" label={t('collateral.sku')} required withAsterisk={false} maxLength={64} defaultValue={item?.sku} error={at('sku')} />
          <Group grow align="start">
            <NumberInput label={t('collateral.unitCost')} min={0} value={cost} onChange={setCost} error={at('unitCost')} />
            <TextInput label={t('collateral.currency')} maxLength={3} placeholder="EUR" value={currency} onChange={(e) => setCurrency(e.currentTarget.value.toUpperCase())} error={isWhole ? undefined : t('collateral.sayCurrency')} />
          </Group>
          <NumberInput label={t('collateral.lowLevel')} description={t('collateral.lowLevelText')} min={0} max={1e9} allowDecimal={false} value={low} onChange={setLow} error={at('lowLevel')} />
          <TextInput name="unit" label={t('collateral.unit')} maxLength={40} placeholder={t('collateral.pieces')} defaultValue={item?.unit} />
          <TagsInput label={t('collateral.languages')} placeholder="zh-Hant" maxTags={16} value={languages} onChange={setLanguages} />
          <Textarea name="note" label={t('collateral.note')} autosize maxLength={4000} defaultValue={item?.note} />
          {item && <Checkbox label={t('collateral.retire')} checked={isRetired} onChange={(e) => setRetired(e.currentTarget.checked)} />}
          <Foot refusal={refusal} isShown={['name', 'sku', 'unitCost', 'lowLevel'].some(at)} close={close} isPending={act.isPending} />
        </Stack>
      </form>
    </Modal>
  );
}

export function EditPlace({ place, close }: { place?: StockPlace; close: () => void }) {
  const { t } = useTranslation();
  const { data: people } = useQuery(peopleQuery);
  const { act, refusal, at } = useKeep('stockPlace', place, close);
  const [keepers, setKeepers] = useState(place?.keeperIds ?? []);
  const [isClosed, setClosed] = useState(place?.closed ?? false);
  const staff = [...(people?.values() ?? [])].filter((u) => u.status === UserStatus.ACTIVE || keepers.includes(u.id)).map((u) => ({ value: u.id, label: u.name }));
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const said = new FormData(event.currentTarget);
    const text = (name: string) => String(said.get(name) ?? '').trim() || undefined;
    act.mutate({ name: text('name'), address: text('address'), keeperIds: keepers.length > 0 ? keepers : undefined, closed: isClosed || undefined });
  };
  return (
    <Modal opened onClose={close} title={t(place ? 'collateral.editPlace' : 'collateral.newPlace')} closeButtonProps={{ 'aria-label': t('close') }}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <TextInput name="name" label={t('field.name')} required withAsterisk={false} maxLength={200} data-autofocus defaultValue={place?.name} error={at('name')} />
          <Textarea name="address" label={t('collateral.address')} autosize maxLength={400} defaultValue={place?.address} />
          <MultiSelect searchable label={t('collateral.keepers')} description={t('collateral.keepersText')} maxValues={16} data={staff} value={keepers} onChange={setKeepers} error={at('keeperIds')} />
          {place && <Checkbox label={t('collateral.closePlace')} checked={isClosed} onChange={(e) => setClosed(e.currentTarget.checked)} />}
          <Foot refusal={refusal} isShown={['name', 'keeperIds'].some(at)} close={close} isPending={act.isPending} />
        </Stack>
      </form>
    </Modal>
  );
}
