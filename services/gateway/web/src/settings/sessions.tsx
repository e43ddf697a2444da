// Where one is signed in; what one does not know is ended.
import { Badge, Button, Group, Paper, Skeleton, Text, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { directory } from '../api/client';
import type { Credential } from '../gen/baton/v1/directory_pb';
import { msOf, useFormat } from '../i18n/format';
import { useTranslation } from '../i18n/words';
import { useMe } from '../shell/me';
import { nameOfAgent } from '../ui/agent';
import { complain, toast } from '../ui/toast';
import { Trouble } from '../ui/trouble';
import { SESSIONS, sessionsQuery } from './data';
import style from './settings.module.css';

function useEnd() {
  const { t } = useTranslation();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (what: { sessionId: string } | { userId: string }) => directory.endSession(what),
    onSuccess: ({ ended }) => toast({ title: t('settings.ended', { count: ended }) }),
    onError: complain,
    onSettled: () => client.invalidateQueries({ queryKey: SESSIONS }),
  });
}

function SessionRow({ session, isOwn }: { session: Credential; isOwn: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const end = useEnd();
  const name = nameOfAgent(session.userAgent) || t('settings.unnamed');
  return (
    <li className={style.row}>
      <div className={style.rowText} title={session.userAgent}>
        <b>{name}</b> {isOwn && <Badge size="sm" variant="light">{t('settings.thisOne')}</Badge>}
        <Text size="xs" c="dimmed">{t('settings.signedIn', { when: format.moment(session.createdAt) })}{msOf(session.lastUsedAt) > msOf(session.createdAt) && ` · ${t('settings.lastUsed', { when: format.moment(session.lastUsedAt) })}`}</Text>
      </div>
      {!isOwn && <Button size="xs" variant="default" aria-label={t('settings.endOf', { name })} loading={end.isPending} onClick={() => end.mutate({ sessionId: session.id })}>{t('settings.end')}</Button>}
    </li>
  );
}

export function Sessions() {
  const { t } = useTranslation();
  const { user } = useMe();
  const end = useEnd();
  const { data, error, refetch } = useQuery(sessionsQuery);
  const own = data?.ownSessionId;
  const sorted = [...(data?.sessions ?? [])].sort((a, b) => Number(b.id === own) - Number(a.id === own));
  return (
    <Paper withBorder radius="md" p="md" component="section" aria-label={t('settings.sessions')}>
      <Group justify="space-between" mb="sm"><Title order={2}>{t('settings.sessions')}</Title>
        {sorted.some((s) => s.id !== own) && <Button size="xs" variant="default" loading={end.isPending} onClick={() => end.mutate({ userId: user.id })}>{t('settings.endOthers')}</Button>}</Group>
      {error && <Trouble error={error} again={refetch} />}
      {!data && !error && <Skeleton height={80} />}
      <ul className={style.list}>{sorted.map((s) => <SessionRow key={s.id} session={s} isOwn={s.id === own} />)}</ul>
    </Paper>
  );
}
