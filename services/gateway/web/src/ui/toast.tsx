// One line at the edge of the screen, also read out; with it what was done can be taken back.
import { Button, Group, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import i18next from 'i18next';
import { refusalOf } from '../api/refusal';

const SHOWN_MS = 5000;
const UNDO_MS = 10_000;

interface Toast {
  title: string;
  text?: string;
  kind?: 'info' | 'bad';
  undo?: () => void;
}

export function toast({ title, text, kind = 'info', undo }: Toast) {
  const id = notifications.show({
    title: text ? title : undefined,
    color: kind === 'bad' ? 'red' : undefined,
    role: kind === 'bad' ? 'alert' : 'status',
    autoClose: undo ? UNDO_MS : SHOWN_MS,
    withBorder: true,
    closeButtonProps: { 'aria-label': i18next.t('close') },
    message: undo ? (
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm">{text ?? title}</Text>
        <Button size="compact-sm" variant="light" onClick={() => {
          notifications.hide(id);
          undo();
        }}>{i18next.t('undo')}</Button>
      </Group>
    ) : (text ?? title),
  });
}

export function complain(error: unknown) {
  toast({ title: refusalOf(error).message, kind: 'bad' });
}
