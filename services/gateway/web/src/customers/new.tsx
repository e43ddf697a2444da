// A new account or contact. Who may be the same is said while it is typed.
import { Alert, Anchor, Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from '../i18n/words';
import { useCreate } from '../api/records';
import { refusalOf } from '../api/refusal';
import { useMe } from '../shell/me';
import { likeQuery } from './data';
import { KINDS, type Kind } from './kinds';
import { ValueInput } from './value';

const WAIT_MS = 350;

export function NewCustomer({ kind, close, done, given = {} }: { kind: Kind; close: () => void; done: (id: string) => void; given?: { [name: string]: unknown } }) {
  const { t } = useTranslation();
  const me = useMe();
  const { fields, name } = KINDS[kind];
  const [values, setValues] = useState<{ [name: string]: unknown }>(given);
  const create = useCreate(kind);
  const [late] = useDebouncedValue(values, WAIT_MS);
  const isEnough = Boolean(late.name || late.lastName || late.email);
  const { data: like = [] } = useQuery(likeQuery(kind, late, isEnough));
  const refusal = create.error ? refusalOf(create.error) : undefined;
  const at = refusal?.field?.split('.').pop();
  const shown = fields.filter((f) => f.isNew);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const set = Object.fromEntries(Object.entries(values).filter(([, v]) => v !== '' && v !== undefined));
    create.mutate({ ownerId: me.user.id, ...set } as never, { onSuccess: (record) => {
      close();
      if (record) done((record as { id: string }).id);
    } });
  };
  return (
    <Modal opened onClose={close} title={t(`customers.new.${kind}`)} size="lg" closeButtonProps={{ 'aria-label': t('close') }}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          {shown.map((f, i) => (
            <ValueInput key={f.name} field={f} label={t(`field.${f.name}`)} value={values[f.name]} autoFocus={i === 0} error={at === f.name ? refusal?.message : undefined}
              onChange={(value) => setValues((now) => ({ ...now, [f.name]: value }))} />
          ))}
          {like.length > 0 && (
            <Alert color="yellow" variant="light" title={t('customers.like')}>
              {like.slice(0, 3).map(({ record }) => (
                <Group key={record.id} justify="space-between"><Text size="sm">{name(record)}</Text>
                  <Anchor size="sm" component="button" type="button" onClick={() => {
                    close();
                    done(record.id);
                  }}>{t('customers.openIt')}</Anchor></Group>
              ))}
            </Alert>
          )}
          {refusal && !shown.some((f) => f.name === at) && <Alert color="red" role="alert">{refusal.message}</Alert>}
          <Group justify="flex-end"><Button variant="default" onClick={close}>{t('cancel')}</Button><Button type="submit" loading={create.isPending}>{t('save')}</Button></Group>
        </Stack>
      </form>
    </Modal>
  );
}
