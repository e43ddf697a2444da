// What somebody is and likes: who they are, how it looks, its keys, one's password, devices, where one is signed in, and how one is told.
import { Button, Group, Paper, PasswordInput, SegmentedControl, Stack, Text, TextInput, Title, useMantineColorScheme } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, type KeyboardEvent, useState } from 'react';
import { useTranslation } from '../i18n/words';
import { directory } from '../api/client';
import { refusalOf } from '../api/refusal';
import { LANGUAGES, type Language, setLanguage } from '../i18n';
import { type Command, keysOf, nameOfKey, shownKeys, useAllCommands } from '../shell/commands';
import { useMe } from '../shell/me';
import { settings, useSettings } from '../shell/settings';
import { toast } from '../ui/toast';
import { Devices } from './devices';
import { Profile } from './profile';
import { Sessions } from './sessions';
import { Wishes } from './wishes';
import style from './settings.module.css';

function Looks() {
  const { t, i18n } = useTranslation();
  const { density } = useSettings();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const choice = (label: string, value: string, data: [string, string][], set: (value: string) => void) => (
    <div><Text size="sm" mb={4}>{label}</Text><SegmentedControl size="xs" aria-label={label} value={value} onChange={set} data={data.map(([v, l]) => ({ value: v, label: l }))} /></div>
  );
  return (
    <Paper withBorder radius="md" p="md" component="section" aria-label={t('settings.looks')}>
      <Title order={2} mb="sm">{t('settings.looks')}</Title>
      <Group gap="xl">
        {choice(t('settings.language'), i18n.language, Object.entries(LANGUAGES), (v) => {
          settings.set({ language: v as Language });
          setLanguage(v as Language);
        })}
        {choice(t('settings.light'), colorScheme, [['light', t('settings.day')], ['dark', t('settings.night')], ['auto', t('settings.auto')]], (v) => setColorScheme(v as 'light'))}
        {choice(t('settings.density'), density, [['cosy', t('settings.cosy')], ['dense', t('settings.dense')]], (v) => settings.set({ density: v as 'cosy' }))}
      </Group>
    </Paper>
  );
}

function Password() {
  const { t } = useTranslation();
  const change = useMutation({
    mutationFn: ({ oldPassword, newPassword }: { oldPassword: string; newPassword: string }) => directory.setPassword({ oldPassword, newPassword }),
    onSuccess: () => toast({ title: t('settings.passwordSet') }),
  });
  const refusal = change.error ? refusalOf(change.error) : undefined;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const said = new FormData(form);
    change.mutate({ oldPassword: String(said.get('oldPassword')), newPassword: String(said.get('newPassword')) }, { onSuccess: () => form.reset() });
  };
  const seeing = { visibilityToggleButtonProps: { 'aria-label': t('door.showPassword') } };
  return (
    <Paper withBorder radius="md" p="md" component="section" aria-label={t('settings.password')}>
      <Title order={2} mb="sm">{t('settings.password')}</Title>
      <form onSubmit={submit}>
        <Group align="start">
          <PasswordInput {...seeing} w={220} size="xs" name="oldPassword" label={t('settings.oldPassword')} autoComplete="current-password" required withAsterisk={false} error={refusal && refusal.field !== 'newPassword' ? refusal.message : undefined} />
          <PasswordInput {...seeing} w={220} size="xs" name="newPassword" label={t('settings.newPassword')} autoComplete="new-password" minLength={8} required withAsterisk={false} error={refusal?.field === 'newPassword' ? refusal.message : undefined} />
          <Button type="submit" size="xs" mt={22} loading={change.isPending}>{t('save')}</Button>
        </Group>
        <Text size="xs" c="dimmed" mt="xs">{t('settings.passwordText')}</Text>
      </form>
    </Paper>
  );
}

function KeyRow({ command }: { command: Command }) {
  const { t } = useTranslation();
  const { keys } = useSettings();
  const set = (to?: string) => {
    const { [command.id]: _, ...others } = keys;
    settings.set({ keys: to ? { ...others, [command.id]: to } : others });
  };
  const press = (event: KeyboardEvent) => {
    if (['Tab', 'Shift', 'Control', 'Meta', 'Alt'].includes(event.key)) return;
    event.preventDefault();
    set(event.key === 'Backspace' || event.key === 'Escape' ? undefined : nameOfKey(event.nativeEvent));
  };
  return (
    <div className={style.row}>
      <span className={style.rowText}>{command.label}</span>
      <TextInput size="xs" w={110} readOnly aria-label={t('settings.keyFor', { name: command.label })} value={shownKeys(keysOf(command) ?? '').join(' ')} onKeyDown={press} />
    </div>
  );
}

function Keys() {
  const { t } = useTranslation();
  const [known] = useState(new Map<string, Command>());
  for (const c of useAllCommands()) if (c.keys) known.set(c.id, c);
  return (
    <Paper withBorder radius="md" p="md" component="section" aria-label={t('settings.keys')}>
      <Title order={2} mb={4}>{t('settings.keys')}</Title>
      <Text size="sm" c="dimmed" mb="sm">{t('settings.keysText')}</Text>
      {[...known.values()].map((c) => <KeyRow key={c.id} command={c} />)}
    </Paper>
  );
}

export function SettingsPage() {
  const { t } = useTranslation();
  const { user } = useMe();
  return (
    <Stack className={style.page}>
      <div><Title order={1}>{t('nav.settings')}</Title><Text c="dimmed">{user.name} · {user.email}</Text></div>
      <Profile />
      <Looks />
      <Devices />
      <Wishes />
      <Password />
      <Sessions />
      <Keys />
    </Stack>
  );
}
