// Nothing comes of a lead: for which reason.
import { Button, Group, Modal, Radio, Stack, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from '../i18n/words';
import { CloseReason, type Lead } from '../gen/baton/v1/leads_pb';
import { leadName } from './logic';

const REASONS = [
  CloseReason.NOT_INTERESTED, CloseReason.NO_ANSWER, CloseReason.NO_BUDGET, CloseReason.BOUGHT_ELSEWHERE, CloseReason.DOES_NOT_FIT, CloseReason.OTHER,
];

export function CloseLead({ lead, close, send }: { lead: Lead; close: () => void; send: (lead: Lead, reason: CloseReason, text: string) => void }) {
  const { t } = useTranslation();
  const [reason, setReason] = useState<CloseReason>();
  const [text, setText] = useState('');
  const isEnough = reason !== undefined && (reason !== CloseReason.OTHER || text.trim() !== '');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isEnough) return;
    send(lead, reason, text.trim());
    close();
  };
  return (
    <Modal opened onClose={close} title={t('leads.closeTitle', { name: leadName(lead) })} closeButtonProps={{ 'aria-label': t('close') }}>
      <form onSubmit={submit}>
        <Radio.Group label={t('leads.reasonLabel')} value={reason === undefined ? null : String(reason)} onChange={(value) => setReason(Number(value))}>
          <Stack gap="xs" mt="xs">
            {REASONS.map((r, i) => <Radio key={r} value={String(r)} label={t(`closeReason.${r}`)} data-autofocus={i === 0 || undefined} />)}
          </Stack>
        </Radio.Group>
        <TextInput mt="sm" label={t('leads.closeText')} required={reason === CloseReason.OTHER} withAsterisk={false} maxLength={500} autoComplete="off" value={text}
          onChange={(event) => setText(event.currentTarget.value)} />
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={close}>{t('cancel')}</Button>
          <Button type="submit" disabled={!isEnough}>{t('leads.close')} <kbd style={{ marginLeft: 8 }}>Enter</kbd></Button>
        </Group>
      </form>
    </Modal>
  );
}
