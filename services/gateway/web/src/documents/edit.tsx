// What is said of a document: its days, whose it is, who reads it.
import { Alert, Button, Checkbox, Group, Modal, MultiSelect, Select, Stack, TagsInput, Textarea, TextInput } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from '../i18n/words';
import { listQuery, saveEdit } from '../api/records';
import { refusalOf } from '../api/refusal';
import { AccountInput, AccountLink, PersonInput } from '../customers/value';
import type { Document } from '../gen/baton/v1/documents_pb';
import { Role } from '../gen/baton/v1/options_pb';
import { useMe } from '../shell/me';
import { useAct } from './data';
import { chosenOf, FIELD, readersOf, TYPES } from './logic';
import { DAYS } from './search';
import style from './documents.module.css';

const READERS = [Role.REP, Role.INSIDE, Role.MANAGER, Role.ADMIN];
type Values = { [name: string]: unknown };

function Readers({ value, onChange }: { value: string[]; onChange: (chosen: string[]) => void }) {
  const { t } = useTranslation();
  const { data } = useInfiniteQuery(listQuery('team'));
  const teams = data?.pages.flatMap((p) => p.rows) ?? [];
  return (
    <MultiSelect label={t('documents.mustRead')} description={t('documents.mustReadText')} searchable clearable value={value} onChange={onChange}
      data={[{ value: 'all', label: t('documents.everybody') }, ...READERS.map((r) => ({ value: `role:${r}`, label: t(`role.${r}`) })), ...teams.map((team) => ({ value: `team:${team.id}`, label: team.name }))]} />
  );
}

function Accounts({ ids, onChange }: { ids: string[]; onChange: (ids: string[]) => void }) {
  const { t } = useTranslation();
  return (
    <div>
      <AccountInput label={t('documents.about')} value="" onChange={(id) => id && !ids.includes(id) && onChange([...ids, id])} />
      {ids.map((id) => (
        <Group key={id} gap="xs" mt={4}><AccountLink id={id} /><Button size="compact-xs" variant="subtle" color="gray" onClick={() => onChange(ids.filter((i) => i !== id))}>{t('documents.leaveOut')}</Button></Group>
      ))}
    </div>
  );
}

export function Edit({ document, close }: { document: Document; close: () => void }) {
  const { t } = useTranslation();
  const { isLead } = useMe();
  const [values, setValues] = useState<Values>({});
  const save = useAct(async (edit: Values) => saveEdit('document', { id: document.id, revision: document.revision, values: edit }), () => {});
  const refusal = save.error ? refusalOf(save.error) : undefined;
  const set = (name: keyof Document) => (value: unknown) => setValues((now) => ({ ...now, [name]: value }));
  const of = <N extends keyof Document>(name: N) => (name in values ? values[name] : document[name]) as Document[N];
  const errorOf = (name: string) => (refusal?.field?.split('.').pop() === name ? refusal.message : undefined);
  const day = (name: (typeof FIELD)[keyof typeof FIELD] | 'retainUntil', label: string) =>
    <TextInput key={name} type="date" label={label} value={of(name)} onChange={(e) => set(name)(e.currentTarget.value)} error={errorOf(name)} />;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (Object.keys(values).length === 0) close();
    else save.mutate(values, { onSuccess: close });
  };
  return (
    <Modal opened onClose={close} title={t('documents.edit')} size="lg" closeButtonProps={{ 'aria-label': t('close') }}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <TextInput label={t('documents.title')} required withAsterisk={false} maxLength={400} data-autofocus value={of('title')} onChange={(e) => set('title')(e.currentTarget.value)} error={errorOf('title')} />
          <div className={style.two}>
            <Select label={t('documents.type')} allowDeselect={false} data={TYPES.map((type) => ({ value: String(type), label: t(`documents.types.${type}`) }))} value={String(of('type'))} onChange={(v) => set('type')(Number(v))} />
            <Select label={t('documents.visibility')} allowDeselect={false} data={[0, 1, 2].map((v) => ({ value: String(v), label: t(`documents.visible.${v}`) }))} value={String(of('visibility'))} onChange={(v) => set('visibility')(Number(v))} />
            {DAYS.map((d) => day(FIELD[d], t(`documents.dayField.${d}`)))}
            {day('retainUntil', t('documents.retainUntil'))}
            <PersonInput label={t('field.ownerId')} value={of('ownerId')} onChange={set('ownerId')} error={errorOf('ownerId')} />
          </div>
          <Readers value={chosenOf(of('mustRead'))} onChange={(chosen) => set('mustRead')(readersOf(chosen))} />
          <Accounts ids={of('accountIds')} onChange={set('accountIds')} />
          <TagsInput label={t('field.tags')} value={of('tags')} onChange={set('tags')} maxTags={32} />
          <Textarea label={t('documents.note')} autosize minRows={2} maxRows={8} maxLength={4000} value={of('note')} onChange={(e) => set('note')(e.currentTarget.value)} />
          <Checkbox label={t('documents.reviewRequired')} checked={of('reviewRequired')} onChange={(e) => set('reviewRequired')(e.currentTarget.checked)} />
          {isLead && <Checkbox label={t('documents.legalHold')} description={t('documents.legalHoldText')} checked={of('legalHold')} onChange={(e) => set('legalHold')(e.currentTarget.checked)} />}
          {refusal && !['title', 'ownerId', 'retainUntil', ...Object.values(FIELD)].some(errorOf) && <Alert color="red" variant="light" role="alert">{refusal.message}</Alert>}
          <Group justify="flex-end"><Button variant="default" onClick={close}>{t('cancel')}</Button><Button type="submit" loading={save.isPending}>{t('save')}</Button></Group>
        </Stack>
      </form>
    </Modal>
  );
}
