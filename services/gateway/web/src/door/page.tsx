// Before anybody is signed in.
import { Alert, Button, Card, Group, PasswordInput, SegmentedControl, Stack, Text, TextInput, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useTranslation } from '../i18n/words';
import { AS_COOKIE, directory } from '../api/client';
import { refusalOf } from '../api/refusal';
import { LANGUAGES, type Language, setLanguage } from '../i18n';
import { settings } from '../shell/settings';
import { Mark } from '../ui/icons';
import style from './door.module.css';

export function Frame({ children }: { children: ReactNode }) {
  const { i18n, t } = useTranslation();
  return (
    <main className={style.door}>
      <Stack w="100%" maw={400} gap="lg">
        <Group gap="xs" justify="center"><Mark size={30} /><Text fw={700} size="xl">Baton</Text></Group>
        <Card withBorder radius="lg" padding="xl">{children}</Card>
        <SegmentedControl size="xs" mx="auto" aria-label={t('settings.language')} value={i18n.language}
          data={Object.entries(LANGUAGES).map(([value, label]) => ({ value, label }))}
          onChange={(value) => {
            settings.set({ language: value as Language });
            setLanguage(value as Language);
          }} />
      </Stack>
    </main>
  );
}

type Values = { [name: string]: string };

// Sends what is filled in; what is refused stands beside its field, which has the focus.
export function useDoor(send: (values: Values) => Promise<unknown>) {
  const client = useQueryClient();
  const [form, setForm] = useState<HTMLFormElement>();
  const sent = useMutation({
    mutationFn: send,
    onSuccess: () => client.invalidateQueries({ queryKey: ['me'] }),
    onError: (error) => {
      const field = form?.elements.namedItem(refusalOf(error).field ?? '') ?? form?.elements.namedItem('password');
      if (field instanceof HTMLElement) field.focus();
    },
  });
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setForm(event.currentTarget);
    const values = [...new FormData(event.currentTarget)].filter(([, v]) => v !== '').map(([k, v]) => [k, String(v)]);
    sent.mutate(Object.fromEntries(values));
  };
  const refusal = sent.error ? refusalOf(sent.error) : undefined;
  const wrong = (name: string) => (refusal?.field === name ? refusal.message : undefined);
  // What concerns no field that is shown, a link that was used for example.
  const hasPlace = form?.elements.namedItem(refusal?.field ?? '') instanceof HTMLElement;
  return { onSubmit, wrong, unplaced: hasPlace ? undefined : refusal?.message, isSending: sent.isPending };
}

export function SignIn() {
  const { t } = useTranslation();
  const door = useDoor(({ email, password }) => directory.signIn({ email, password }, AS_COOKIE));
  return (
    <Frame>
      <form onSubmit={door.onSubmit}>
        <Stack>
          <Title order={1}>{t('door.signIn')}</Title>
          <TextInput label={t('field.email')} name="email" type="email" autoComplete="username" required withAsterisk={false} maxLength={254} autoFocus error={door.wrong('email')} />
          <PasswordInput label={t('door.password')} name="password" autoComplete="current-password" required withAsterisk={false}
            visibilityToggleButtonProps={{ 'aria-label': t('door.showPassword') }} error={door.wrong('password')} />
          {door.unplaced && <Alert color="red" role="alert">{door.unplaced}</Alert>}
          <Button type="submit" size="md" loading={door.isSending}>{t('door.signIn')}</Button>
        </Stack>
      </form>
    </Frame>
  );
}
