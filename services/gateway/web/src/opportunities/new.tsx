// A new deal: its name is enough, what is known already comes with it.
import { Alert, Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from '../i18n/words';
import { refusalOf } from '../api/refusal';
import type { Opportunity, Pipeline } from '../gen/baton/v1/opportunities_pb';
import { useMe } from '../shell/me';
import { useCreateDeal } from './data';
import { type Field, FieldInput } from './fields';

const ASKED: Field[] = ['accountId', 'amount', 'closeDate', 'nextStep'];

export function NewDeal({ pipeline, close, done }: { pipeline: Pipeline; close: () => void; done: (deal: Opportunity) => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const [values, setValues] = useState<{ [field: string]: unknown }>({});
  const create = useCreateDeal(done);
  const refusal = create.error ? refusalOf(create.error) : undefined;
  const refused = refusal?.field?.replace(/^(record\.)?opportunity\./, '').split('.')[0];
  const set = (field: string, value: unknown) => setValues((now) => ({ ...now, [field]: value }));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const given = Object.fromEntries(Object.entries(values).filter(([, v]) => v !== undefined && v !== ''));
    create.mutate({ ...given, pipelineId: pipeline.id, ownerId: me.user.id });
  };
  return (
    <Modal opened onClose={close} title={t('deals.new')} closeButtonProps={{ 'aria-label': t('close') }}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <TextInput data-autofocus label={t('deals.field.name')} required withAsterisk={false} maxLength={400} autoComplete="off" error={refused === 'name' ? refusal?.message : undefined}
            value={String(values.name ?? '')} onChange={(e) => set('name', e.currentTarget.value)} />
          {ASKED.map((field) => (
            <FieldInput key={field} field={field} label={t(`deals.field.${field}`)} value={values[field]} error={refused === field ? refusal?.message : undefined}
              onChange={(value) => set(field, value)} />
          ))}
          {refusal && refused !== 'name' && !ASKED.some((f) => f === refused) && <Alert color="red" role="alert">{refusal.message}</Alert>}
          <Group justify="flex-end"><Button variant="default" onClick={close}>{t('cancel')}</Button><Button type="submit" loading={create.isPending}>{t('deals.create')}</Button></Group>
        </Stack>
      </form>
    </Modal>
  );
}
