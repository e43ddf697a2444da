// What was noted about a deal, and one more line.
import { Button, Group, Text, Textarea, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, type KeyboardEvent, useRef, useState } from 'react';
import { useTranslation } from '../i18n/words';
import { peopleQuery } from '../api/people';
import type { Opportunity } from '../gen/baton/v1/opportunities_pb';
import { useFormat } from '../i18n/format';
import { useCommands } from '../shell/commands';
import { Icon } from '../ui/icons';
import { notesQuery, useAddNote } from './data';
import style from './opportunities.module.css';

export function Notes({ deal }: { deal: Opportunity }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { data: people } = useQuery(peopleQuery);
  const { data: notes = [] } = useQuery(notesQuery(deal.id));
  const [text, setText] = useState('');
  const box = useRef<HTMLTextAreaElement>(null);
  const add = useAddNote(deal);
  useCommands([{ id: 'deal.note', group: t('nav.pipeline'), label: t('deals.noteOn', { name: deal.name }), keys: 'n', icon: <Icon name="note" />, run: () => box.current?.focus() }]);
  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    if (text.trim()) add.mutate(text.trim(), { onSuccess: () => setText('') });
  };
  const keys = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) submit();
  };
  return (
    <section className={style.section}>
      <Title order={3}>{t('deals.notes')}</Title>
      <form onSubmit={submit}>
        <Textarea ref={box} aria-label={t('deals.addNote')} placeholder={t('deals.addNote')} autosize minRows={1} maxRows={8} maxLength={4000} value={text} onKeyDown={keys}
          onChange={(e) => setText(e.currentTarget.value)} />
        {text.trim() && <Group justify="flex-end" mt={6}><Button type="submit" size="compact-sm" loading={add.isPending}>{t('save')}</Button></Group>}
      </form>
      {notes.map((note) => (
        <article key={note.id} className={style.note}>
          <p>{note.text}</p>
          <Text size="xs" c="dimmed">{people?.get(note.ownerId)?.name} · {format.moment(note.createdAt)}</Text>
        </article>
      ))}
    </section>
  );
}
