// Why a step is left out, or a plan is given up.
import { Button, Group, Modal, Stack, Textarea } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from '../i18n/words';

export function AskReason({ title, button, isPending, close, say }: { title: string; button: string; isPending: boolean; close: () => void; say: (reason: string) => void }) {
  const { t } = useTranslation();
  const [reason, setReason] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (reason.trim()) say(reason.trim());
  };
  return (
    <Modal opened onClose={close} title={title} closeButtonProps={{ 'aria-label': t('close') }}>
      <form onSubmit={submit}>
        <Stack>
          <Textarea label={t('plans.why')} autosize minRows={2} maxRows={6} maxLength={400} data-autofocus value={reason} onChange={(e) => setReason(e.currentTarget.value)} />
          <Group justify="flex-end"><Button variant="default" onClick={close}>{t('cancel')}</Button><Button type="submit" disabled={!reason.trim()} loading={isPending}>{button}</Button></Group>
        </Stack>
      </form>
    </Modal>
  );
}
