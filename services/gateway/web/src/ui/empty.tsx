// Where there is nothing yet: what that means, and the next step.
import { Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { Icon, type IconName } from './icons';
import style from './ui.module.css';

interface Empty {
  icon: IconName;
  title: string;
  text?: ReactNode;
  children?: ReactNode;
}

export function Empty({ icon, title, text, children }: Empty) {
  return (
    <Stack align="center" gap="xs" className={style.empty}>
      <span className={style.emptyIcon}><Icon name={icon} size={26} /></span>
      <Title order={2}>{title}</Title>
      {text && <Text c="dimmed" maw={420} ta="center">{text}</Text>}
      {children}
    </Stack>
  );
}
