// Webhooks: where to, of what, with which secret.
import { Button, Checkbox, Group, Menu, Modal, MultiSelect, Skeleton, Stack, Switch, Table, Text, TextInput } from '@mantine/core';
import { create } from '@bufbuild/protobuf';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from '../i18n/words';
import { notifications } from '../api/client';
import { changedBy, listAll, records, saveEdit, useDelete } from '../api/records';
import { refusalOf } from '../api/refusal';
import { type WebhookEndpoint, WebhookEndpointSchema } from '../gen/baton/v1/notifications_pb';
import { Icon } from '../ui/icons';
import { Rows } from '../ui/rows';
import { complain } from '../ui/toast';
import { Trouble } from '../ui/trouble';
import { Deliveries } from './deliveries';
import { EVENTS } from './logic';
import { Once } from '../ui/once';

const EVERY_MS = 5000;

function useTouched() {
  const cache = useQueryClient();
  return () => cache.invalidateQueries({ queryKey: ['webhookEndpoints'] });
}

function Edit({ endpoint: before, close }: { endpoint: WebhookEndpoint; close: () => void }) {
  const { t } = useTranslation();
  const touched = useTouched();
  const [now, setNow] = useState(before);
  const set = (change: Partial<WebhookEndpoint>) => setNow((one) => changedBy(one, change));
  const save = useMutation({
    mutationFn: async () => {
      const values = { name: now.name.trim(), url: now.url.trim(), eventTypes: now.eventTypes, enabled: now.enabled };
      if (now.id) await saveEdit('webhookEndpoint', { id: now.id, revision: before.revision, values });
      else await records.createRecord({ record: { record: { case: 'webhookEndpoint', value: values } } });
    },
    onSuccess: close,
    onSettled: touched,
  });
  const refusal = save.error ? refusalOf(save.error) : undefined;
  const at = (field: string) => (refusal?.field?.split('.').includes(field) ? refusal.message : undefined);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <Modal opened onClose={close} title={t(now.id ? 'admin.editWebhook' : 'admin.newWebhook')} closeButtonProps={{ 'aria-label': t('close') }}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <TextInput label={t('field.name')} required withAsterisk={false} maxLength={200} data-autofocus value={now.name} onChange={(e) => set({ name: e.currentTarget.value })} error={at('name')} />
          <TextInput label={t('admin.url')} required withAsterisk={false} maxLength={2000} placeholder="https://" value={now.url} onChange={(e) => set({ url: e.currentTarget.value })} error={at('url')} />
          <MultiSelect searchable label={t('admin.events')} data={[...new Set([...EVENTS, ...now.eventTypes])]} value={now.eventTypes} onChange={(eventTypes) => set({ eventTypes })} error={at('eventTypes')} />
          <Checkbox label={t('admin.enabled')} checked={now.enabled} onChange={(e) => set({ enabled: e.currentTarget.checked })} />
          {refusal && !['name', 'url', 'eventTypes'].some(at) && <Text size="sm" c="var(--late)" role="alert">{refusal.message}</Text>}
          <Group justify="flex-end"><Button variant="default" onClick={close}>{t('cancel')}</Button><Button type="submit" disabled={now.eventTypes.length === 0} loading={save.isPending}>{t('save')}</Button></Group>
        </Stack>
      </form>
    </Modal>
  );
}

interface RowProps {
  endpoint: WebhookEndpoint;
  edit: () => void;
  show: (secret: string) => void;
}

function Row({ endpoint, edit, show }: RowProps) {
  const { t } = useTranslation();
  const touched = useTouched();
  const remove = useDelete('webhookEndpoint');
  const flip = useMutation({ mutationFn: (enabled: boolean) => saveEdit('webhookEndpoint', { id: endpoint.id, values: { enabled } }), onError: complain, onSettled: touched });
  const issue = useMutation({ mutationFn: () => notifications.issueWebhookSecret({ webhookEndpointId: endpoint.id }), onSuccess: ({ secret }) => show(secret), onError: complain });
  return (
    <Table.Tr>
      <Table.Th scope="row">{endpoint.name}</Table.Th>
      <Table.Td style={{ overflowWrap: 'anywhere' }}>{endpoint.url}</Table.Td>
      <Table.Td>{endpoint.eventTypes.join(', ')}</Table.Td>
      <Table.Td><Switch size="sm" aria-label={t('admin.enabledOf', { name: endpoint.name })} checked={endpoint.enabled} disabled={flip.isPending} onChange={(e) => flip.mutate(e.currentTarget.checked)} /></Table.Td>
      <Table.Td>
        <Menu position="bottom-end" width={210}>
          <Menu.Target><Button size="compact-xs" variant="default" aria-label={t('routing.actsOf', { name: endpoint.name })}><Icon name="more" size={15} /></Button></Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<Icon name="edit" size={15} />} onClick={edit}>{t('admin.editWebhook')}</Menu.Item>
            <Menu.Item leftSection={<Icon name="shield" size={15} />} onClick={() => issue.mutate()}>{t('admin.newSecret')}</Menu.Item>
            <Menu.Item color="red" leftSection={<Icon name="trash" size={15} />} onClick={() => remove.mutate({ id: endpoint.id })}>{t('delete')}</Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </Table.Td>
    </Table.Tr>
  );
}

export function Webhooks() {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery({ queryKey: ['webhookEndpoints', 'all'], refetchInterval: EVERY_MS, queryFn: async ({ signal }) => (await listAll('webhookEndpoint', signal)).found });
  const [editing, setEditing] = useState<WebhookEndpoint>();
  const [secret, setSecret] = useState('');
  if (error) return <Trouble error={error} again={refetch} />;
  return (
    <>
      <Group mb="sm"><Button size="xs" onClick={() => setEditing(create(WebhookEndpointSchema, { enabled: true }))}>{t('admin.newWebhook')}</Button></Group>
      {!data && <Skeleton height={100} />}
      {data?.length === 0 && <Text size="sm" c="dimmed">{t('admin.noWebhooks')}</Text>}
      {data && data.length > 0 && (
        <Rows label={t('admin.webhooks')} minWidth={640} heads={['field.name', 'admin.url', 'admin.events', 'admin.enabled', 'admin.acts'].map((k) => t(k))}>
          {data.map((e) => <Row key={e.id} endpoint={e} edit={() => setEditing(e)} show={setSecret} />)}
        </Rows>
      )}
      <Deliveries names={new Map(data?.map((e) => [e.id, e.name]))} />
      {editing && <Edit endpoint={editing} close={() => setEditing(undefined)} />}
      {secret && <Once title={t('admin.secret')} secret={secret} close={() => setSecret('')} />}
    </>
  );
}
