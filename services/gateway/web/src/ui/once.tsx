// Something secret that is shown this once.
import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { useEffect, useRef } from 'react';
import { useTranslation } from '../i18n/words';

export function Once({ title, secret, close }: { title: string; secret: string; close: () => void }) {
  const { t } = useTranslation();
  const { copy, copied, error } = useClipboard();
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (error) field.current?.select(); // the browser lets no page copy, as without TLS
  }, [error]);
  return (
    <Modal opened onClose={close} title={title} closeOnClickOutside={false} closeButtonProps={{ 'aria-label': t('close') }}>
      <Stack gap="sm">
        <Text size="sm">{t('once.text')}</Text>
        <TextInput ref={field} readOnly aria-label={title} description={error && t('once.copyByHand')} value={secret} styles={{ input: { fontFamily: 'monospace' } }} onFocus={(e) => e.currentTarget.select()} data-autofocus />
        <Group justify="flex-end">
          <Button variant="default" onClick={() => copy(secret)}>{t(copied ? 'once.copied' : 'once.copy')}</Button>
          <Button onClick={close}>{t('once.haveIt')}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}

// What cannot be taken back is asked once more.
export function Sure({ title, text, button, isPending, close, go }: { title: string; text: string; button: string; isPending: boolean; close: () => void; go: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal opened onClose={close} title={title} closeButtonProps={{ 'aria-label': t('close') }}>
      <Text size="sm" mb="md">{text}</Text>
      <Group justify="flex-end"><Button variant="default" onClick={close}>{t('cancel')}</Button><Button color="red.9" loading={isPending} onClick={go}>{button}</Button></Group>
    </Modal>
  );
}
