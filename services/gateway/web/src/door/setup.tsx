// Setting up with the link that works once.
import { Alert, Anchor, Button, PasswordInput, Select, Stack, Text, TextInput, Title } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useTranslation } from '../i18n/words';
import { AS_COOKIE, directory } from '../api/client';
import { Frame, useDoor } from './page';

const tokenOf = (hash: string) => new URLSearchParams(hash.slice(1)).get('token') ?? '';

export function SetUp() {
  const { t } = useTranslation();
  const [token] = useState(() => tokenOf(location.hash));
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const zones = useMemo(() => [...new Set([own, 'UTC', ...Intl.supportedValuesOf('timeZone')])].sort(), [own]);
  const door = useDoor(async (values) => {
    await directory.completeSetup({ token, email: values.email, name: values.name, password: values.password, timeZone: values.timeZone,
      organisationName: values.organisationName }, AS_COOKIE);
    // The secret is out of the address.
    location.replace(import.meta.env.BASE_URL);
  });
  if (!token) {
    return (
      <Frame>
        <Stack>
          <Title order={1}>{t('door.noLink')}</Title>
          <Text>{t('door.noLinkText')}</Text>
          <Anchor href={import.meta.env.BASE_URL}>{t('door.instead')}</Anchor>
        </Stack>
      </Frame>
    );
  }
  return (
    <Frame>
      <form onSubmit={door.onSubmit}>
        <Stack>
          <div><Title order={1}>{t('door.setUp')}</Title><Text c="dimmed" size="sm">{t('door.once')}</Text></div>
          <TextInput label={t('door.name')} name="name" autoComplete="name" required withAsterisk={false} maxLength={200} autoFocus error={door.wrong('name')} />
          <TextInput label={t('field.email')} name="email" type="email" autoComplete="username" required withAsterisk={false} maxLength={254} error={door.wrong('email')} />
          <PasswordInput label={t('door.password')} description={t('door.long')} name="password" autoComplete="new-password" required withAsterisk={false}
            minLength={8} maxLength={1024} visibilityToggleButtonProps={{ 'aria-label': t('door.showPassword') }} error={door.wrong('password')} />
          <TextInput label={t('door.organisation')} name="organisationName" autoComplete="organization" maxLength={200} error={door.wrong('organisationName')} />
          <Select label={t('field.timeZone')} name="timeZone" data={zones} defaultValue={own} searchable allowDeselect={false} />
          {door.unplaced && <Alert color="red" role="alert">{door.unplaced}</Alert>}
          <Button type="submit" size="md" loading={door.isSending}>{t('door.start')}</Button>
        </Stack>
      </form>
    </Frame>
  );
}
