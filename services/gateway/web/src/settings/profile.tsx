// What one says of oneself: name, telephone, language of letters, time zone and working hours; e-mail, role and team an administrator says.
import { Alert, Button, Group, Paper, Select, Stack, Switch, Text, TextInput, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from '../i18n/words';
import { directory } from '../api/client';
import { recordQuery } from '../api/records';
import { refusalOf } from '../api/refusal';
import type { WorkingInterval } from '../gen/baton/v1/directory_pb';
import { LANGUAGES } from '../i18n';
import { localeOf } from '../i18n/format';
import { useMe } from '../shell/me';
import { Facts } from '../ui/peek';
import { toast } from '../ui/toast';
import { hoursOf, hoursText, type Interval, WEEKDAYS } from './logic';
import style from './settings.module.css';

const zones = () => Intl.supportedValuesOf('timeZone');
const textsOf = (hours: WorkingInterval[]) => Object.fromEntries(WEEKDAYS.map((day) => [day, hoursText(hours, day)]));
// The first of January 2024 was a Monday.
const weekdayName = (day: number, locale: string) => new Intl.DateTimeFormat(locale, { weekday: 'long', timeZone: 'UTC' }).format(Date.UTC(2024, 0, day));

function Hours({ texts, set, wrong }: { texts: { [day: number]: string }; set: (texts: { [day: number]: string }) => void; wrong: number[] }) {
  const { t, i18n } = useTranslation();
  return (
    <fieldset className={style.hours}>
      <legend>{t('settings.hours')}</legend>
      <Text size="xs" c="dimmed" mb={6}>{t('settings.hoursText')}</Text>
      {WEEKDAYS.map((day) => (
        <TextInput key={day} size="xs" label={weekdayName(day, localeOf(i18n.language, navigator.languages))} placeholder={t('settings.free')} value={texts[day] ?? ''} maxLength={80}
          error={wrong.includes(day) ? t('settings.notHours') : undefined} onChange={(e) => set({ ...texts, [day]: e.currentTarget.value })} />
      ))}
    </fieldset>
  );
}

// What is sent of a field that was emptied.
const kept = (said: { [name: string]: string | Interval[] }) => Object.fromEntries(Object.entries(said).filter(([, v]) => v.length > 0));
const emptied = (said: { [name: string]: string | Interval[] }, names: { [name: string]: string }) => Object.keys(said).filter((name) => said[name].length === 0 && names[name]).map((name) => names[name]);
const CLEAR = { phone: 'phone', locale: 'locale', timeZone: 'time_zone', workingHours: 'working_hours' };

function useSave() {
  const { t } = useTranslation();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: async (said: { [name: string]: string | Interval[] }) => {
      if (Object.keys(said).length > 0) await directory.updateProfile({ ...kept(said), clear: emptied(said, CLEAR) });
    },
    onSuccess: () => toast({ title: t('saved') }),
    onSettled: () => Promise.all(['me', 'people', 'user'].map((key) => cache.invalidateQueries({ queryKey: [key] }))),
  });
}

export function Profile() {
  const { t } = useTranslation();
  const { user, organisation } = useMe();
  const { data: team } = useQuery(recordQuery('team', user.teamId));
  const [name, setName] = useState(user.name);
  const [phone, setPhone] = useState(user.phone);
  const [locale, setLocale] = useState(user.locale);
  const [zone, setZone] = useState(user.timeZone);
  const [hasHours, setHasHours] = useState(user.workingHours.length > 0);
  const [texts, setTexts] = useState(() => textsOf(user.workingHours.length > 0 ? user.workingHours : (organisation?.workingHours ?? [])));
  const save = useSave();
  const refusal = save.error ? refusalOf(save.error) : undefined;
  const at = (field: string) => (refusal?.field?.split('.')[0] === field ? refusal.message : undefined);
  const days = WEEKDAYS.map((day) => ({ day, found: hoursOf(texts[day] ?? '', day) }));
  const hadHours = user.workingHours.length > 0;
  const areOtherHours = hasHours !== hadHours || (hasHours && JSON.stringify(texts) !== JSON.stringify(textsOf(user.workingHours)));
  const wrong = hasHours ? days.filter(({ found }) => found === null).map(({ day }) => day) : [];
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (wrong.length > 0) return;
    // Only what is another now: the rest may have become another elsewhere since.
    const texts = { name: name.trim(), phone: phone.trim(), locale, timeZone: zone };
    const said = Object.entries(texts).filter(([field, value]) => value !== user[field as keyof typeof texts]);
    save.mutate({ ...Object.fromEntries(said), ...(areOtherHours ? { workingHours: hasHours ? days.flatMap(({ found }) => found ?? []) : [] } : {}) });
  };
  const languages = [...new Set([...Object.keys(LANGUAGES), ...(user.locale ? [user.locale] : [])])].map((value) => ({ value, label: LANGUAGES[value as keyof typeof LANGUAGES] ?? value }));
  return (
    <Paper withBorder radius="md" p="md" component="section" aria-label={t('settings.profile')}>
      <Title order={2} mb="sm">{t('settings.profile')}</Title>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <div className={style.fields}>
            <TextInput size="xs" label={t('field.name')} required withAsterisk={false} maxLength={200} autoComplete="name" value={name} onChange={(e) => setName(e.currentTarget.value)} error={at('name')} />
            <TextInput size="xs" type="tel" label={t('field.phone')} maxLength={64} autoComplete="tel" value={phone} onChange={(e) => setPhone(e.currentTarget.value)} error={at('phone')} />
            <Select size="xs" clearable label={t('settings.letters')} placeholder={t('settings.asOrganisation', { what: LANGUAGES[organisation?.locale as keyof typeof LANGUAGES] ?? (organisation?.locale || LANGUAGES.en) })} data={languages}
              value={locale || null} onChange={(v) => setLocale(v ?? '')} error={at('locale')} />
            <Select size="xs" clearable searchable limit={60} label={t('settings.zone')} placeholder={t('settings.asOrganisation', { what: organisation?.timeZone || 'UTC' })} data={[...new Set([...zones(), ...(user.timeZone ? [user.timeZone] : [])])]}
              value={zone || null} onChange={(v) => setZone(v ?? '')} error={at('timeZone')} />
          </div>
          <Switch size="xs" label={t('settings.ownHours')} checked={hasHours} onChange={(e) => setHasHours(e.currentTarget.checked)} />
          {hasHours && <Hours texts={texts} set={setTexts} wrong={wrong} />}
          <Facts rows={[[t('field.email'), user.email], [t('admin.role'), t(`role.${user.role}`)], [t('admin.team'), team?.name]]} />
          {refusal && !['name', 'phone', 'locale', 'timeZone'].some(at) && <Alert color="red" role="alert">{refusal.message}</Alert>}
          <Group justify="flex-end"><Text size="xs" c="dimmed" style={{ flex: 1 }}>{t('settings.profileText')}</Text><Button type="submit" size="xs" loading={save.isPending} disabled={!name.trim()}>{t('save')}</Button></Group>
        </Stack>
      </form>
    </Paper>
  );
}
