// Tasks, calls and meetings about a customer, and notes: what is open first.
import { ActionIcon, Button, Checkbox, Group, Stack, Text, Tooltip } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from '../i18n/words';
import { listQuery, useDelete, useUpdate } from '../api/records';
import { serverNow } from '../api/clock';
import { type Activity, ActivityKind, ActivityStatus, type Note } from '../gen/baton/v1/contacts_pb';
import { msOf, useFormat } from '../i18n/format';
import { useMe } from '../shell/me';
import { Icon, type IconName } from '../ui/icons';
import { toast } from '../ui/toast';
import { Trouble } from '../ui/trouble';
import { MentionText } from './composer';
import type { Kind } from './kinds';
import { PersonName } from './value';
import style from './customers.module.css';

const ICON: { [kind: number]: IconName } = { [ActivityKind.TASK]: 'task', [ActivityKind.CALL]: 'phone', [ActivityKind.EMAIL]: 'mail', [ActivityKind.MEETING]: 'calendar' };

export const isOpen = (a: Activity) => a.status !== ActivityStatus.DONE && a.status !== ActivityStatus.CANCELED;

// What is open by when it is, then what is over, the newest first.
export function inOrder(list: Activity[]): Activity[] {
  const at = (a: Activity) => msOf(a.startAt ?? a.createdAt) || 0;
  return [...list].sort((a, b) => Number(isOpen(b)) - Number(isOpen(a)) || (isOpen(a) ? at(a) - at(b) : at(b) - at(a)));
}

function ActivityRow({ activity }: { activity: Activity }) {
  const { t } = useTranslation();
  const format = useFormat();
  const update = useUpdate('activity', (_, now) => toast({ title: t('conflict.fresh', { name: now.subject }), kind: 'bad' }));
  const remove = useDelete('activity');
  const at = activity.startAt ?? activity.createdAt;
  const isLate = isOpen(activity) && activity.kind === ActivityKind.TASK && msOf(at) < serverNow();
  return (
    <li className={style.activity}>
      <Checkbox checked={!isOpen(activity)} aria-label={t('activity.done', { name: activity.subject })}
        onChange={(e) => update.mutate({ id: activity.id, revision: activity.revision, values: { status: e.currentTarget.checked ? ActivityStatus.DONE : ActivityStatus.PLANNED } })} />
      <Icon name={ICON[activity.kind] ?? 'task'} size={15} />
      <div className={style.itemText}>
        <span className={isOpen(activity) ? undefined : style.over}>{activity.subject}</span>
        <div className={style.dim}><span className={isLate ? style.late : undefined}>{format.moment(at)}</span>{activity.ownerId && <> · <PersonName id={activity.ownerId} /></>}</div>
        {activity.description && <Text size="xs" className={style.description}>{activity.description}</Text>}
      </div>
      <Tooltip label={t('delete')}><ActionIcon variant="subtle" color="gray" aria-label={t('activity.delete', { name: activity.subject })} onClick={() => remove.mutate({ id: activity.id })}><Icon name="trash" size={15} /></ActionIcon></Tooltip>
    </li>
  );
}

const whereOf = (kind: Kind, id: string) => ({ field: kind === 'account' ? 'accountId' : 'contactId', value: id });

export function Activities({ kind, id }: { kind: Kind; id: string }) {
  const { t } = useTranslation();
  const asked = useInfiniteQuery(listQuery('activity', whereOf(kind, id)));
  if (asked.error) return <Trouble error={asked.error} again={asked.refetch} />;
  const list = inOrder(asked.data?.pages.flatMap((p) => p.rows) ?? []);
  return (
    <>
      <ul className={style.items}>{list.map((a) => <ActivityRow key={a.id} activity={a} />)}</ul>
      {asked.data && list.length === 0 && <Text size="sm" c="dimmed">{t('activity.none')}</Text>}
      {asked.hasNextPage && <Button size="xs" variant="subtle" loading={asked.isFetchingNextPage} onClick={() => asked.fetchNextPage()}>{t('more')}</Button>}
    </>
  );
}

// Mentions are names; what else stands there is text.
export function NoteText({ text }: { text: string }) {
  return <>{text.split(/(@\[[^\]]+\]\([0-9a-f-]+\))/).map((part, i) => {
    const name = /^@\[([^\]]+)\]/.exec(part)?.[1];
    return name ? <b key={i}>@{name}</b> : part;
  })}</>;
}

function NoteRow({ note }: { note: Note }) {
  const { t } = useTranslation();
  const me = useMe();
  const format = useFormat();
  const [draft, setDraft] = useState<string>();
  const update = useUpdate('note', (_, now) => toast({ title: t('conflict.fresh', { name: format.moment(now.updatedAt) }), kind: 'bad' }));
  const remove = useDelete('note');
  const isMine = note.ownerId === me.user.id || me.isAdmin;
  return (
    <li className={style.note}>
      <Group justify="space-between" wrap="nowrap" mb={4}>
        <span className={style.dim}><PersonName id={note.ownerId} /> · {format.moment(note.createdAt)}</span>
        {isMine && (
          <Group gap={2} wrap="nowrap">
            <ActionIcon size="sm" variant="subtle" color="gray" aria-label={t('note.edit')} onClick={() => setDraft(note.text)}><Icon name="edit" size={14} /></ActionIcon>
            <ActionIcon size="sm" variant="subtle" color="gray" aria-label={t('note.delete')} onClick={() => remove.mutate({ id: note.id })}><Icon name="trash" size={14} /></ActionIcon>
          </Group>
        )}
      </Group>
      {draft === undefined ? <div className={style.noteText}><NoteText text={note.text} /></div> : (
        <form onSubmit={(event) => {
          event.preventDefault();
          if (draft.trim()) update.mutate({ id: note.id, revision: note.revision, values: { text: draft.trim() } });
          setDraft(undefined);
        }}>
          <Stack gap="xs"><MentionText autoFocus value={draft} onChange={setDraft} label={t('note.text')} />
            <Group gap="xs"><Button type="submit" size="xs">{t('save')}</Button><Button size="xs" variant="default" onClick={() => setDraft(undefined)}>{t('cancel')}</Button></Group></Stack>
        </form>
      )}
    </li>
  );
}

export function Notes({ kind, id }: { kind: Kind; id: string }) {
  const { t } = useTranslation();
  const asked = useInfiniteQuery(listQuery('note', whereOf(kind, id)));
  if (asked.error) return <Trouble error={asked.error} again={asked.refetch} />;
  const list = [...(asked.data?.pages.flatMap((p) => p.rows) ?? [])].sort((a, b) => (a.id < b.id ? 1 : -1));
  return (
    <>
      <ul className={style.items}>{list.map((n) => <NoteRow key={n.id} note={n} />)}</ul>
      {asked.data && list.length === 0 && <Text size="sm" c="dimmed">{t('note.none')}</Text>}
      {asked.hasNextPage && <Button size="xs" variant="subtle" loading={asked.isFetchingNextPage} onClick={() => asked.fetchNextPage()}>{t('more')}</Button>}
    </>
  );
}
