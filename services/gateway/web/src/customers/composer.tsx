// Writing down what was, and what is to be done: a note, a call, a task, a meeting.
import { Button, Group, NumberInput, Paper, Select, Tabs, Textarea, TextInput, UnstyledButton } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type FormEvent, type KeyboardEvent, useRef, useState } from 'react';
import { useTranslation } from '../i18n/words';
import { create } from '@bufbuild/protobuf';
import { TimestampSchema } from '@bufbuild/protobuf/wkt';
import { contacts } from '../api/customers';
import { orLater } from '../api/later';
import { peopleQuery } from '../api/people';
import { useCreate } from '../api/records';
import { ActivityKind, CallDirection, CallOutcome, ContactService } from '../gen/baton/v1/contacts_pb';
import { UserStatus } from '../gen/baton/v1/directory_pb';
import { timestampOf } from '../i18n/format';
import { useLive } from '../live/live';
import { useCommands } from '../shell/commands';
import { useMe } from '../shell/me';
import { Icon } from '../ui/icons';
import { complain, toast } from '../ui/toast';
import type { Customer, Kind } from './kinds';
import style from './customers.module.css';

type Tab = 'note' | 'call' | 'task' | 'meeting';
const MENTIONS = 6;

// Whom it is about, as every record of that kind says it.
export const aboutOf = (kind: Kind, record: Customer): { accountId?: string; contactId?: string } =>
  kind === 'account' ? { accountId: record.id } : { contactId: record.id, ...('accountId' in record && record.accountId ? { accountId: record.accountId } : {}) };

// What of a text asks for somebody's name: the letters behind the last @, up to where the cursor is.
export function mentionAt(text: string, at: number): { from: number; word: string } | undefined {
  const found = /(?:^|\s)@([\p{L}\p{N}.'-]{0,30})$/u.exec(text.slice(0, at));
  return found ? { from: at - found[1].length - 1, word: found[1] } : undefined;
}

export function MentionText({ value, onChange, label, autoFocus }: { value: string; onChange: (text: string) => void; label: string; autoFocus?: boolean }) {
  const { data } = useQuery(peopleQuery);
  const { t } = useTranslation();
  const box = useRef<HTMLTextAreaElement>(null);
  const [at, setAt] = useState(0);
  const asked = mentionAt(value, at);
  const people = asked ? [...(data?.values() ?? [])].filter((u) => u.status === UserStatus.ACTIVE && u.name.toLowerCase().includes(asked.word.toLowerCase())).slice(0, MENTIONS) : [];
  const choose = (id: string, name: string) => {
    if (!asked) return;
    onChange(`${value.slice(0, asked.from)}@[${name}](${id}) ${value.slice(at)}`);
    setAt(0);
    box.current?.focus();
  };
  const press = (event: KeyboardEvent) => {
    if (people[0] && (event.key === 'Tab' || event.key === 'Enter') && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      choose(people[0].id, people[0].name);
    } else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      box.current?.form?.requestSubmit();
    }
  };
  return (
    <div>
      <Textarea ref={box} autosize minRows={2} maxRows={12} maxLength={8000} aria-label={label} placeholder={label} value={value} autoFocus={autoFocus} onKeyDown={press}
        onSelect={(e) => setAt(e.currentTarget.selectionEnd)} onChange={(e) => {
          setAt(e.currentTarget.selectionEnd);
          onChange(e.currentTarget.value);
        }} />
      {people.length > 0 && (
        <Group gap={4} mt={4} role="group" aria-label={t('composer.mention')}>
          {people.map((u) => <UnstyledButton key={u.id} className={style.mention} onClick={() => choose(u.id, u.name)}>@{u.name}</UnstyledButton>)}
        </Group>
      )}
    </div>
  );
}

const local = (ms: number) => new Date(ms - new Date(ms).getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
const stamp = (text: string) => create(TimestampSchema, timestampOf(new Date(text).getTime()));

function useSend(kind: Kind, record: Customer) {
  const me = useMe();
  const about = aboutOf(kind, record);
  const note = useCreate('note');
  const activity = useCreate('activity');
  const { changed } = useLive();
  return useMutation({
    mutationFn: async ({ tab, text, values }: { tab: Tab; text: string; values: { [name: string]: string } }) => {
      if (tab === 'note') return note.mutateAsync({ ...about, text });
      if (tab === 'call') {
        const call = { ...about, direction: Number(values.direction) || CallDirection.OUT, outcome: Number(values.outcome) || undefined,
          seconds: Number(values.minutes) * 60 || undefined, description: text || undefined };
        return orLater(ContactService.method.logCall, call, (c) => contacts.logCall(c));
      }
      const start = stamp(values.start);
      const end = tab === 'meeting' ? stamp(local(new Date(values.start).getTime() + Number(values.minutes || 30) * 60_000)) : undefined;
      return activity.mutateAsync({ ...about, kind: tab === 'task' ? ActivityKind.TASK : ActivityKind.MEETING, subject: values.subject, description: text || undefined,
        ownerId: me.user.id, startAt: start, endAt: end, reminderMinutes: [tab === 'task' ? 0 : 10] });
    },
    onError: complain,
    onSettled: () => changed('timeline', 'activitys', 'notes', 'calendar'),
  });
}

export function Composer({ kind, record }: { kind: Kind; record: Customer }) {
  const { t } = useTranslation();
  const [tab, setTab] = useState<Tab>('note');
  const [text, setText] = useState('');
  const send = useSend(kind, record);
  const choose = (next: Tab) => {
    setTab(next);
    requestAnimationFrame(() => document.querySelector<HTMLElement>('[data-composer] input:not([type=hidden]), [data-composer] textarea')?.focus());
  };
  useCommands([
    { id: 'write.note', group: t(`kinds.${kind}`), label: t('composer.note'), keys: 'n', icon: <Icon name="note" />, run: () => choose('note') },
    { id: 'write.task', group: t(`kinds.${kind}`), label: t('composer.task'), keys: 't', icon: <Icon name="task" />, run: () => choose('task') },
    { id: 'write.call', group: t(`kinds.${kind}`), label: t('composer.call'), icon: <Icon name="phone" />, run: () => choose('call') },
    { id: 'write.meeting', group: t(`kinds.${kind}`), label: t('composer.meeting'), icon: <Icon name="calendar" />, run: () => choose('meeting') },
  ]);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    if (tab === 'note' && !text.trim()) return;
    send.mutate({ tab, text: text.trim(), values: Object.fromEntries([...new FormData(form)].map(([k, v]) => [k, String(v)])) }, {
      onSuccess: (made) => {
        setText('');
        form.reset();
        if (made) toast({ title: t(`composer.done.${tab}`) });
      },
    });
  };
  const soon = local(Math.ceil(Date.now() / 3_600_000) * 3_600_000);
  return (
    <Paper withBorder radius="md" p="sm" mb="md" className={style.composer}>
      <form onSubmit={submit} data-composer>
        <Tabs value={tab} onChange={(v) => setTab(v as Tab)} mb="xs" variant="pills" keepMounted={false}>
          <Tabs.List>{(['note', 'call', 'task', 'meeting'] as const).map((k) => (
            <Tabs.Tab key={k} value={k} leftSection={<Icon name={{ note: 'note', call: 'phone', task: 'task', meeting: 'calendar' }[k] as 'note'} size={14} />}>{t(`composer.${k}`)}</Tabs.Tab>
          ))}</Tabs.List>
        </Tabs>
        {(tab === 'task' || tab === 'meeting') && (
          <Group gap="xs" mb="xs" align="end">
            <TextInput name="subject" size="xs" flex={2} miw={160} label={t('composer.subject')} required withAsterisk={false} maxLength={400} />
            <TextInput key={tab} name="start" size="xs" type="datetime-local" label={t(tab === 'task' ? 'composer.due' : 'composer.start')} defaultValue={soon} required withAsterisk={false} />
            {tab === 'meeting' && <NumberInput name="minutes" size="xs" w={90} label={t('composer.minutes')} defaultValue={30} min={5} max={1440} step={5} />}
          </Group>
        )}
        {tab === 'call' && (
          <Group gap="xs" mb="xs" align="end">
            <Select name="direction" size="xs" w={120} label={t('composer.direction')} allowDeselect={false} defaultValue={String(CallDirection.OUT)}
              data={[CallDirection.OUT, CallDirection.IN].map((d) => ({ value: String(d), label: t(`callDirection.${d}`) }))} />
            <Select name="outcome" size="xs" w={150} label={t('composer.outcome')} defaultValue={String(CallOutcome.REACHED)}
              data={[1, 2, 3, 4, 5].map((o) => ({ value: String(o), label: t(`callOutcome.${o}`) }))} />
            <NumberInput name="minutes" size="xs" w={90} label={t('composer.minutes')} min={0} max={1440} />
          </Group>
        )}
        <MentionText value={text} onChange={setText} label={t(tab === 'note' ? 'composer.noteHint' : 'composer.about')} />
        <Group justify="space-between" mt="xs"><span className={style.dim}>{tab === 'note' && t('composer.mentionHint')}</span>
          <Button type="submit" size="xs" loading={send.isPending} disabled={tab === 'note' && !text.trim()}>{t('save')}</Button></Group>
      </form>
    </Paper>
  );
}
