// Asking why a lead is declined; the usual reasons are a click.
import { Button, Group, Modal, Text, TextInput } from '@mantine/core';
import { type FormEvent, useRef, useState } from 'react';
import { useTranslation } from '../i18n/words';
import type { Lead } from '../gen/baton/v1/leads_pb';
import { leadName } from './logic';

const USUAL = ['area', 'time', 'duplicate', 'unreal', 'known'];

export function Decline({ lead, close, send }: { lead?: Lead; close: () => void; send: (lead: Lead, reason: string) => void }) {
  const { t } = useTranslation();
  const [reason, setReason] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const end = () => {
    setReason('');
    close();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!lead || !reason.trim()) return;
    send(lead, reason.trim());
    end();
  };
  return (
    <Modal opened={lead !== undefined} onClose={end} title={lead && t('leads.declineTitle', { name: leadName(lead) })} closeButtonProps={{ 'aria-label': t('close') }}>
      <form onSubmit={submit}>
        <Text size="sm" c="dimmed" mb="sm">{t('leads.declineText')}</Text>
        <Group gap={6} mb="sm" role="group" aria-label={t('leads.usual')}>
          {USUAL.map((key) => (
            <Button key={key} size="compact-sm" variant="default" radius="xl" onClick={() => {
              setReason(t(`leads.reason.${key}`));
              field.current?.focus();
            }}>{t(`leads.reason.${key}`)}</Button>
          ))}
        </Group>
        <TextInput ref={field} data-autofocus label={t('leads.reasonLabel')} required withAsterisk={false} maxLength={500} autoComplete="off" value={reason}
          onChange={(event) => setReason(event.currentTarget.value)} placeholder={t('leads.oneLine')} />
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={end}>{t('cancel')}</Button>
          <Button type="submit" disabled={!reason.trim()}>{t('leads.decline')} <kbd style={{ marginLeft: 8 }}>Enter</kbd></Button>
        </Group>
      </form>
    </Modal>
  );
}
