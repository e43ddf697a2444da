// One's devices, and whether pushes come to this browser while no page is open.
import { Alert, Badge, Button, Group, Paper, Skeleton, Text, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from '../i18n/words';
import { notifications } from '../api/client';
import type { Device } from '../gen/baton/v1/notifications_pb';
import { useFormat } from '../i18n/format';
import { useLive } from '../live/live';
import { obstacle, turnOff, turnOn } from '../live/push';
import { useMe } from '../shell/me';
import { complain, toast } from '../ui/toast';
import { Trouble } from '../ui/trouble';
import { devicesQuery } from './data';
import style from './settings.module.css';

interface InstallEvent extends Event {
  prompt: () => Promise<unknown>;
}

// Browsers offer to install once, whenever they like; it is kept until somebody wants to.
let offer: InstallEvent | undefined;
addEventListener('beforeinstallprompt', (event) => {
  event.preventDefault();
  offer = event as InstallEvent;
});

function DeviceRow({ device }: { device: Device }) {
  const { t } = useTranslation();
  const format = useFormat();
  const client = useQueryClient();
  const here = useLive().device;
  const after = { onError: complain, onSettled: () => client.invalidateQueries({ queryKey: ['devices'] }) };
  const turn = useMutation({
    mutationFn: async (on: boolean) => {
      if (!on) return turnOff(device.id);
      if (!(await turnOn(device.id))) toast({ title: t('settings.notAllowed'), kind: 'bad' });
    },
    ...after,
  });
  const remove = useMutation({ mutationFn: () => notifications.removeDevice({ deviceId: device.id }), ...after });
  const isHere = device.id === here;
  const state = device.pushOrigin ? t('settings.pushesBy', { host: new URL(device.pushOrigin).host }) : t('settings.onlyOpen');
  return (
    <li className={style.row}>
      <div className={style.rowText}>
        <b>{device.name || t('settings.unnamed')}</b> {isHere && <Badge size="sm" variant="light">{t('settings.thisOne')}</Badge>}
        <Text size="xs" c="dimmed">{state}{device.pushedAt && ` · ${t('settings.lastPush', { time: format.moment(device.pushedAt) })}`}</Text>
      </div>
      {isHere && !obstacle() && <Button size="xs" variant={device.pushOrigin ? 'default' : 'filled'} loading={turn.isPending} onClick={() => turn.mutate(!device.pushOrigin)}>{t(device.pushOrigin ? 'settings.pushOff' : 'settings.pushOn')}</Button>}
      {!isHere && <Button size="xs" variant="default" loading={remove.isPending} onClick={() => remove.mutate()}>{t('settings.remove')}</Button>}
    </li>
  );
}

export function Devices() {
  const { t } = useTranslation();
  const me = useMe();
  const { device } = useLive();
  const { data, error, refetch } = useQuery(devicesQuery);
  const [canInstall, setCanInstall] = useState(offer !== undefined);
  useEffect(() => {
    const hear = () => setCanInstall(true);
    addEventListener('beforeinstallprompt', hear);
    return () => removeEventListener('beforeinstallprompt', hear);
  }, []);
  const test = useMutation({
    mutationFn: () => notifications.testDelivery({ userId: me.user.id }),
    onSuccess: ({ deliveryIds }) => toast({ title: deliveryIds.length > 0 ? t('settings.testSent', { count: deliveryIds.length }) : t('settings.noWay') }),
    onError: complain,
  });
  const why = obstacle();
  const sorted = [...(data ?? [])].sort((a, b) => Number(b.id === device) - Number(a.id === device));
  return (
    <Paper withBorder radius="md" p="md" component="section" aria-label={t('settings.devices')}>
      <Group justify="space-between" mb="sm"><Title order={2}>{t('settings.devices')}</Title>
        <Group gap="xs">
          {canInstall && <Button size="xs" variant="default" onClick={() => offer?.prompt()}>{t('settings.install')}</Button>}
          <Button size="xs" variant="default" loading={test.isPending} onClick={() => test.mutate()}>{t('settings.test')}</Button>
        </Group></Group>
      {why && <Alert color="yellow" variant="light" mb="sm">{t(`settings.obstacle.${why}`)}</Alert>}
      {error && <Trouble error={error} again={refetch} />}
      {!data && !error && <Skeleton height={80} />}
      <ul className={style.list}>{sorted.map((d) => <DeviceRow key={d.id} device={d} />)}</ul>
    </Paper>
  );
}
