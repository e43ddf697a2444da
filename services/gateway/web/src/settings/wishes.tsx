// How somebody wants to be told: class by channel, quiet hours, digest, a pause.
import { Button, Checkbox, Group, Paper, Skeleton, Switch, Table, Text, TextInput, Title } from '@mantine/core';
import { create } from '@bufbuild/protobuf';
import { TimestampSchema } from '@bufbuild/protobuf/wkt';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from '../i18n/words';
import { serverNow } from '../api/clock';
import { type Channel, type GetPreferencesResponse, NotificationChoiceSchema, NotificationClass, QuietHoursSchema } from '../gen/baton/v1/notifications_pb';
import { msOf, timestampOf, useFormat } from '../i18n/format';
import { Trouble } from '../ui/trouble';
import { useWish, wishesQuery } from './data';
import { channelsOf, chosen, clockOf, isOn, minutesOf } from './logic';

const PAUSE_MS = 3_600_000;
const EVENING = 1200;
const MORNING = 420;
const DIGEST = 480;

function Matrix({ wishes, wish }: { wishes: GetPreferencesResponse; wish: ReturnType<typeof useWish> }) {
  const { t } = useTranslation();
  const { preferences, routes } = wishes;
  const channels = channelsOf(routes, preferences?.choices ?? []);
  const digest = preferences?.digestClasses ?? [];
  const choose = (klass: NotificationClass, channel: Channel, on: boolean) =>
    wish.mutate((p) => { p.choices = chosen(p.choices, klass, channel, on).map((c) => create(NotificationChoiceSchema, c)); });
  const gather = (klass: NotificationClass, on: boolean) =>
    wish.mutate((p) => { p.digestClasses = [...p.digestClasses.filter((c) => c !== klass), ...(on ? [klass] : [])]; });
  return (
    <Table.ScrollContainer minWidth={460}>
      <Table verticalSpacing={6}>
        <Table.Thead><Table.Tr><Table.Th>{t('settings.class')}</Table.Th>{channels.map((c) => <Table.Th key={c}>{t(`channel.${c}`)}</Table.Th>)}<Table.Th>{t('settings.daily')}</Table.Th></Table.Tr></Table.Thead>
        <Table.Tbody>
          {routes.filter((r) => r.class !== NotificationClass.DIGEST || r.channels.length > 0).map((r) => {
            const name = t(`notificationClass.${r.class}`);
            return (
              <Table.Tr key={r.class}>
                <Table.Th scope="row" fw={400}>{name}</Table.Th>
                {channels.map((c) => <Table.Td key={c}><Checkbox aria-label={`${name}: ${t(`channel.${c}`)}`} checked={isOn(r, preferences?.choices ?? [], c)} onChange={(e) => choose(r.class, c, e.currentTarget.checked)} /></Table.Td>)}
                <Table.Td><Checkbox aria-label={`${name}: ${t('settings.daily')}`} checked={digest.includes(r.class)} onChange={(e) => gather(r.class, e.currentTarget.checked)} /></Table.Td>
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Hours({ wishes, wish }: { wishes: GetPreferencesResponse; wish: ReturnType<typeof useWish> }) {
  const { t } = useTranslation();
  const format = useFormat();
  const p = wishes.preferences;
  const quiet = p?.quietHours[0];
  const setQuiet = (start: number, end: number) => wish.mutate((w) => { w.quietHours = [create(QuietHoursSchema, { startMinute: start, endMinute: end || 1440 })]; });
  const from = quiet ? quiet.startMinute : EVENING;
  const to = quiet ? quiet.endMinute % 1440 : MORNING;
  const until = msOf(p?.snoozeUntil);
  const isPaused = until > serverNow();
  const pause = () => wish.mutate((w) => { w.snoozeUntil = isPaused ? undefined : create(TimestampSchema, timestampOf(Math.round(serverNow()) + PAUSE_MS)); });
  return (
    <>
      <Group align="end" mb="sm">
        <Switch label={t('settings.quiet')} checked={quiet !== undefined} onChange={(e) => (e.currentTarget.checked ? setQuiet(from, to) : wish.mutate((w) => { w.quietHours = []; }))} />
        <TextInput type="time" size="xs" label={t('settings.quietFrom')} value={clockOf(from)} disabled={!quiet} onChange={(e) => e.currentTarget.value && setQuiet(minutesOf(e.currentTarget.value), to)} />
        <TextInput type="time" size="xs" label={t('settings.quietUntil')} value={clockOf(to)} disabled={!quiet} onChange={(e) => e.currentTarget.value && setQuiet(from, minutesOf(e.currentTarget.value))} />
        <TextInput type="time" size="xs" label={t('settings.digestAt')} value={clockOf(p?.digestMinute || DIGEST)}
          onChange={(e) => {
            const { value } = e.currentTarget;
            if (value) wish.mutate((w) => { w.digestMinute = minutesOf(value); });
          }} />
      </Group>
      <Text size="xs" c="dimmed" mb="sm">{t('settings.quietText')}</Text>
      <Group><Button size="xs" variant="default" onClick={pause}>{t(isPaused ? 'settings.goOn' : 'settings.pause')}</Button>
        {isPaused && <Text size="sm">{t('settings.pausedUntil', { time: format.moment(until) })}</Text>}</Group>
    </>
  );
}

export function Wishes() {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery(wishesQuery);
  const wish = useWish();
  if (error) return <Trouble error={error} again={refetch} />;
  return (
    <Paper withBorder radius="md" p="md" component="section" aria-label={t('settings.whatWhere')}>
      <Title order={2} mb={4}>{t('settings.whatWhere')}</Title>
      <Text size="sm" c="dimmed" mb="sm">{t('settings.whatWhereText')}</Text>
      {data ? <><Matrix wishes={data} wish={wish} /><Title order={3} mt="md" mb="sm">{t('settings.when')}</Title><Hours wishes={data} wish={wish} /></> : <Skeleton height={200} />}
    </Paper>
  );
}
