// Who did what, of all records and services: the newest first, as the address says.
import { Anchor, Button, Checkbox, Group, Select, Skeleton, Text, TextInput } from '@mantine/core';
import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { peopleQuery } from '../api/people';
import { PersonInput } from '../customers/value';
import type { AuditEntry } from '../gen/baton/v1/system_pb';
import { useFormat } from '../i18n/format';
import { useTranslation } from '../i18n/words';
import { Icon } from '../ui/icons';
import { saveFile } from '../ui/save';
import { complain, toast } from '../ui/toast';
import { Trouble } from '../ui/trouble';
import type { AdminSearch } from './search';
import { askAll, askTrail, csvOf, KINDS, wordOf } from './trail';
import style from './admin.module.css';

const COLUMNS = ['when', 'who', 'userId', 'service', 'what', 'type', 'id', 'fields', 'times', 'session', 'place'];

function Thing({ entry: { recordType: type, recordId: id } }: { entry: AuditEntry }) {
  const { t } = useTranslation();
  const { data: people } = useQuery(peopleQuery);
  const kind = type ? t(`audit.kind.${type}`, type.replaceAll('_', ' ')) : '';
  const text = type === 'user' && people?.get(id) ? `${kind} ${people.get(id)?.name}` : kind;
  if (!id) return <span>{text}</span>;
  if (type === 'account') return <Link to="/accounts/$id" params={{ id }}>{text}</Link>;
  if (type === 'contact') return <Link to="/contacts/$id" params={{ id }}>{text}</Link>;
  if (type === 'document') return <Link to="/documents/$id" params={{ id }}>{text}</Link>;
  if (type === 'lead') return <Link to="/leads" search={{ lead: id }}>{text}</Link>;
  return <span>{text}</span>;
}

function Row({ entry, only }: { entry: AuditEntry; only: (id: string) => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { data: people } = useQuery(peopleQuery);
  const word = wordOf(entry.event);
  const details = [entry.fields.map((f) => t(`field.${f.replace(/_(.)/g, (_, c: string) => c.toUpperCase())}`, f.replaceAll('_', ' '))).join(', '), entry.times > 1 ? t('audit.times', { count: entry.times }) : ''].filter(Boolean).join(' · ');
  return (
    <li className={style.deed}>
      <time>{format.moment(entry.at)}</time>
      <b>{people?.get(entry.userId)?.name ?? (entry.userId ? t('somebody') : t('audit.itself', { service: entry.service }))}</b>
      <span>{t(word.key, word.plain)}</span>
      <span><Thing entry={entry} />{entry.recordId && <Anchor component="button" type="button" size="xs" ml={6} aria-label={t('audit.onlyOf', { id: entry.recordId.slice(-6) })} onClick={() => only(entry.recordId)}>{entry.recordId.slice(-6)}</Anchor>}</span>
      {details && <span className={style.dim}>{details}</span>}
    </li>
  );
}

function Filters({ search, set }: { search: AdminSearch; set: (change: AdminSearch) => void }) {
  const { t } = useTranslation();
  const kinds = [...new Set([...KINDS, ...(search.type ? [search.type] : [])])].map((k) => ({ value: k, label: t(`audit.kind.${k}`, k.replaceAll('_', ' ')) })).sort((a, b) => a.label.localeCompare(b.label));
  return (
    <Group mb="sm" align="end" gap="sm">
      <PersonInput size="xs" label={t('audit.who')} value={search.user ?? ''} onChange={(user) => set({ user: user || undefined })} />
      <Select size="xs" label={t('audit.type')} searchable clearable data={kinds} value={search.type ?? null} onChange={(type) => set({ type: type ?? undefined })} />
      <TextInput size="xs" type="date" label={t('audit.from')} value={search.from ?? ''} onChange={(e) => set({ from: e.currentTarget.value || undefined })} />
      <TextInput size="xs" type="date" label={t('audit.to')} value={search.to ?? ''} onChange={(e) => set({ to: e.currentTarget.value || undefined })} />
      {search.record && <Button size="xs" variant="light" onClick={() => set({ record: undefined })}>{t('audit.notOnly', { id: search.record.slice(-6) })}</Button>}
      <Checkbox size="xs" mb={6} label={t('audit.services')} checked={search.services ?? false} onChange={(e) => set({ services: e.currentTarget.checked || undefined })} />
    </Group>
  );
}

export function Audit() {
  const { t } = useTranslation();
  const format = useFormat();
  const search = useSearch({ from: '/admin' });
  const navigate = useNavigate({ from: '/admin' });
  const { data: people } = useQuery(peopleQuery);
  const { tab: _, ...asked } = search;
  const set = (change: AdminSearch) => navigate({ search: (now) => ({ ...now, ...change }), replace: true });
  const trail = useInfiniteQuery({
    queryKey: ['trail', asked],
    staleTime: 0,
    initialPageParam: '',
    queryFn: ({ signal, pageParam }) => askTrail(asked, pageParam, signal),
    getNextPageParam: (page) => page.next || undefined,
  });
  const save = useMutation({
    mutationFn: () => askAll(asked, new AbortController().signal),
    onSuccess: ({ entries, isCut }) => {
      saveFile('audit.csv', `\ufeff${csvOf(entries, COLUMNS.map((c) => t(`audit.column.${c}`)), (id) => people?.get(id)?.name ?? '')}`, 'text/csv');
      if (isCut) toast({ title: t('audit.cut', { count: entries.length, text: format.number(entries.length) }) });
    },
    onError: complain,
  });
  const entries = trail.data?.pages.flatMap((p) => p.entries) ?? [];
  const since = trail.data?.pages.at(-1)?.since ?? NaN;
  return (
    <>
      <Filters search={search} set={set} />
      <Group justify="space-between" mb="xs">
        <Text size="xs" c="dimmed">{t('audit.text')}</Text>
        <Button size="xs" variant="default" leftSection={<Icon name="download" size={15} />} loading={save.isPending} disabled={entries.length === 0} onClick={() => save.mutate()}>CSV</Button>
      </Group>
      {trail.error && <Trouble error={trail.error} again={trail.refetch} />}
      {!trail.data && !trail.error && <Skeleton height={200} />}
      {trail.data && entries.length === 0 && <Text size="sm" c="dimmed">{trail.hasNextPage ? t('audit.noneSince', { when: format.moment(since) }) : t('audit.none')}</Text>}
      <ul className={style.deeds} aria-label={t('admin.audit')}>{entries.map((e, i) => <Row key={`${e.service}:${e.seq}:${i}`} entry={e} only={(record) => set({ record })} />)}</ul>
      {trail.hasNextPage && <Button mt="sm" size="xs" variant="subtle" loading={trail.isFetchingNextPage} onClick={() => trail.fetchNextPage()}>{t('audit.more')}</Button>}
    </>
  );
}
