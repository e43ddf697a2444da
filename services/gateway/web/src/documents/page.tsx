// Documents: found, filtered by what they are and by their days, and brought by dropping files.
import { Badge, Button, FileButton, Group, SegmentedControl, Select, Skeleton, Stack, Title } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from '../i18n/words';
import { serverNow } from '../api/clock';
import { AccountInput, PersonInput, PersonName } from '../customers/value';
import type { Document } from '../gen/baton/v1/documents_pb';
import { useFormat } from '../i18n/format';
import { useCommands } from '../shell/commands';
import { Empty } from '../ui/empty';
import { Icon } from '../ui/icons';
import { usePhone } from '../ui/phone';
import { type Column, List } from '../ui/table';
import { toast } from '../ui/toast';
import { Trouble } from '../ui/trouble';
import { Words } from '../ui/words';
import { documentOf, documentsQuery, toReadQuery, useTouched } from './data';
import { nextDay, SOON_DAYS, STATUSES, statusName, TYPES, typeName } from './logic';
import { DAYS, type DocumentsSearch } from './search';
import { FoundList } from './found';
import { NextDay, StatusBadge } from './parts';
import { DropZone, FileAction, Uploads, useUploads } from './uploads';
import style from './documents.module.css';

const CARD = 88;

type Show = (change: Partial<DocumentsSearch>) => void;

function useColumns(): Column<Document>[] {
  const { t } = useTranslation();
  const format = useFormat();
  return useMemo(() => [
    { id: 'title', header: t('documents.title'), width: 220, grows: true, cell: (d) => <b>{d.title}</b> },
    { id: 'type', header: t('documents.type'), width: 120, cell: (d) => t(`documents.types.${d.type}`) },
    { id: 'status', header: t('documents.statusOf'), width: 120, cell: (d) => <StatusBadge status={d.status} /> },
    { id: 'revision', header: t('documents.current'), width: 110, cell: (d) => (d.currentNumber ? t('documents.number', { number: d.currentNumber }) : '–') },
    { id: 'day', header: t('documents.nextDay'), width: 210, cell: (d) => <NextDay next={nextDay(d, serverNow())} /> },
    { id: 'owner', header: t('field.ownerId'), width: 140, cell: (d) => <PersonName id={d.ownerId} /> },
    { id: 'updated', header: t('field.updatedAt'), width: 120, cell: (d) => format.ago(d.updatedAt) },
  ], [t, format]);
}

function Card({ document }: { document: Document }) {
  const { t } = useTranslation();
  return (
    <>
      <Group gap="xs" wrap="nowrap" justify="space-between"><b className="cut">{document.title}</b><StatusBadge status={document.status} /></Group>
      <div className={style.cardFacts}><span>{t(`documents.types.${document.type}`)}</span><PersonName id={document.ownerId} /><NextDay next={nextDay(document, serverNow())} /></div>
    </>
  );
}

function Filters({ search, show }: { search: DocumentsSearch; show: Show }) {
  const { t } = useTranslation();
  const look = useCallback((q?: string) => show({ q }), [show]);
  const choice = (name: 'type' | 'status' | 'day', label: string, data: { value: string; label: string }[]) => (
    <Select size="xs" className={style.filter} clearable placeholder={label} aria-label={label} value={search[name] ?? null} data={data}
      onChange={(value) => show({ [name]: value ?? undefined } as Partial<DocumentsSearch>)} />
  );
  return (
    <Group gap="xs">
      <SegmentedControl size="xs" aria-label={t('documents.where')} value={search.inText ? 'text' : 'title'} onChange={(v) => show({ inText: v === 'text' ? true : undefined })}
        data={['title', 'text'].map((value) => ({ value, label: t(`documents.in.${value}`) }))} />
      <Words label={t(search.inText ? 'documents.searchText' : 'documents.search')} q={search.q ?? ''} show={look} />
      {choice('type', t('documents.type'), TYPES.map((type) => ({ value: typeName(type), label: t(`documents.types.${type}`) })))}
      {choice('status', t('documents.statusOf'), STATUSES.map((status) => ({ value: statusName(status), label: t(`documents.status.${status}`) })))}
      <div className={style.filter}><AccountInput size="xs" placeholder={t('documents.account')} value={search.account ?? ''} onChange={(account) => show({ account: account || undefined })} /></div>
      {!search.inText && choice('day', t('documents.soon', { count: SOON_DAYS }), DAYS.map((day) => ({ value: day, label: t(`documents.day.${day}`) })))}
      {!search.inText && <div className={style.filter}><PersonInput size="xs" placeholder={t('field.ownerId')} value={search.owner ?? ''} onChange={(owner) => show({ owner: owner || undefined })} /></div>}
    </Group>
  );
}

function Bar({ search, show, flip, take }: { search: DocumentsSearch; show: Show; flip: () => void; take: (files: File[]) => void }) {
  const { t } = useTranslation();
  const isPhone = usePhone();
  const { data: toRead = [] } = useQuery(toReadQuery);
  return (
    <div className={style.bar}>
      <Group gap="xs" wrap="nowrap" mb={8}>
        <Title order={1}>{t('nav.documents')}</Title>
        <Button size="xs" variant={search.toRead ? 'filled' : 'subtle'} color={search.toRead ? undefined : 'gray'} aria-pressed={search.toRead ?? false}
          rightSection={toRead.length > 0 ? <Badge size="sm" circle={toRead.length < 10} color="red.8">{toRead.length}</Badge> : undefined}
          onClick={flip}>{t('documents.toRead')}</Button>
        <span style={{ flex: 1 }} />
        {isPhone ? <FileAction take={take} label={t('documents.upload')} />
          : <FileButton multiple onChange={take}>{(props) => <Button {...props} size="xs" data-upload leftSection={<Icon name="upload" size={15} />}>{t('documents.upload')}</Button>}</FileButton>}
      </Group>
      {!search.toRead && <Filters search={search} show={show} />}
    </div>
  );
}

function useBring() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const touched = useTouched();
  const count = useRef(0);
  const uploads = useUploads(async (file, hash) => {
    const made = await documentOf(file, hash);
    touched();
    if (!made) return;
    toast({ title: t('documents.made', { title: made.title }) });
    if (count.current === 1) navigate({ to: '/documents/$id', params: { id: made.id } });
  });
  const take = (files: File[]) => {
    if (files.length === 0) return;
    count.current = uploads.rows.length + files.length;
    uploads.add(files);
  };
  return { ...uploads, take };
}

function DocumentList({ search, take }: { search: DocumentsSearch; take: (files: File[]) => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate({ from: '/documents' });
  const [now] = useState(serverNow);
  const [active, setActive] = useState<string>();
  const asked = useInfiniteQuery(documentsQuery(search, now));
  const columns = useColumns();
  const pages = asked.data?.pages;
  const rows = useMemo(() => pages?.flatMap((p) => p.rows) ?? [], [pages]);
  const open = (id: string) => navigate({ to: '/documents/$id', params: { id } });
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = asked;
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  useEffect(() => {
    if (rows.length === 0) more(); // a page may have nothing for me, and the next one has
  }, [rows.length, more]);
  const isFiltered = Object.keys(search).length > 0;
  return (
    <>
      {asked.error && <Trouble error={asked.error} again={asked.refetch} />}
      {asked.isPending && <Stack p="md" gap="xs" aria-busy="true">{[...Array(8).keys()].map((i) => <Skeleton key={i} height={30} />)}</Stack>}
      {pages && rows.length === 0 && !asked.hasNextPage && (
        <Empty icon={search.toRead ? 'check' : 'note'} title={t(search.toRead ? 'documents.allRead' : isFiltered ? 'documents.none' : 'documents.empty')}
          text={search.toRead ? undefined : t(isFiltered ? 'customers.noneText' : 'documents.emptyText')}>
          {isFiltered && <Button variant="light" onClick={() => navigate({ search: {} })}>{t('documents.all')}</Button>}
          {!isFiltered && <FileButton multiple onChange={take}>{(props) => <Button {...props}>{t('documents.upload')}</Button>}</FileButton>}
        </Empty>
      )}
      {pages && (rows.length > 0 || asked.hasNextPage) && (
        <>
          <List label={t('nav.documents')} rows={rows} idOf={(d) => d.id} columns={columns} active={active} onActive={setActive} onOpen={open} onEnd={more}
            cardHeight={CARD} card={(d) => <Card document={d} />} />
          <div className={style.count} role="status">{t(asked.hasNextPage ? 'documents.countMore' : 'documents.count', { count: rows.length })}{pages.some((p) => p.isCut) && ` · ${t('customers.cut')}`}</div>
        </>
      )}
    </>
  );
}

export function DocumentsPage() {
  const { t } = useTranslation();
  const search = useSearch({ from: '/documents' });
  const navigate = useNavigate({ from: '/documents' });
  const { rows: sending, take, stop } = useBring();
  const show = useCallback<Show>((change) => navigate({ search: (s) => ({ ...s, ...change }), replace: true }), [navigate]);
  const flip = () => navigate({ search: search.toRead ? {} : { toRead: true }, replace: true });
  const turn = () => show({ inText: search.inText ? undefined : true, toRead: undefined });
  useCommands([
    { id: 'documents.upload', group: t('nav.documents'), label: t('documents.upload'), keys: 'c', icon: <Icon name="upload" />, run: () => document.querySelector<HTMLElement>('[data-upload]')?.click() },
    { id: 'documents.toRead', group: t('nav.documents'), label: t('documents.toRead'), keys: 'r', icon: <Icon name="check" />, run: flip },
    { id: 'documents.inText', group: t('nav.documents'), label: t(search.inText ? 'documents.toTitles' : 'documents.toText'), keys: 'f', icon: <Icon name="search" />, run: turn },
  ]);
  const isInText = search.inText && !search.toRead;
  return (
    <DropZone take={take} label={t('documents.drop')}>
      <Bar search={search} show={show} flip={flip} take={take} />
      <Uploads rows={sending} stop={stop} />
      {isInText ? <FoundList search={search} /> : <DocumentList search={search} take={take} />}
    </DropZone>
  );
}
