// One document: how it looks, its days, its revisions, and what is to be done about it.
import { Alert, Button, FileButton, Group, Menu, Skeleton, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useTranslation } from '../i18n/words';
import { serverNow } from '../api/clock';
import { peopleQuery } from '../api/people';
import { recordQuery, saveEdit, useDelete } from '../api/records';
import { AccountLink, PersonName } from '../customers/value';
import type { Document, DocumentRevision } from '../gen/baton/v1/documents_pb';
import { useFormat } from '../i18n/format';
import { useCommands } from '../shell/commands';
import { useMe } from '../shell/me';
import { Empty } from '../ui/empty';
import { Icon } from '../ui/icons';
import { Facts } from '../ui/peek';
import { Trouble } from '../ui/trouble';
import { Bring } from './bring';
import { documents, readersQuery, revisionsQuery, settingsQuery, textQuery, toReadQuery, useAct } from './data';
import { Edit } from './edit';
import { daysUntil, FIELD, msOfDay } from './logic';
import { StatusBadge } from './parts';
import { Preview } from './preview';
import { Revisions } from './revisions';
import { DAYS } from './search';
import { Links, Share, ShareButton } from './shares';
import { DropZone } from './uploads';
import style from './documents.module.css';

// I am asked to read it, and say that I have.
function ToRead({ document }: { document: Document }) {
  const { t } = useTranslation();
  const { data = [] } = useQuery(toReadQuery);
  const say = useAct(() => documents.acknowledgeDocument({ documentId: document.id, number: document.currentNumber }));
  const isAsked = data.some((d) => d.id === document.id);
  useCommands([{ id: 'document.read', group: t('nav.documents'), label: t('documents.haveRead'), keys: 'a', icon: <Icon name="check" />, enabled: isAsked, run: () => say.mutate(undefined) }]);
  if (!isAsked) return null;
  return (
    <section className={style.ask} aria-label={t('documents.pleaseRead')}>
      <b>{t('documents.pleaseRead')}</b>
      <Group><Button size="xs" loading={say.isPending} onClick={() => say.mutate(undefined)} rightSection={<kbd>A</kbd>}>{t('documents.haveRead')}</Button></Group>
    </section>
  );
}

// What the file itself seems to say of its days, where the document says nothing yet.
function Suggested({ document, hash }: { document: Document; hash: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { data } = useQuery(textQuery(hash));
  const take = useAct((values: { [name: string]: unknown }) => saveEdit('document', { id: document.id, revision: document.revision, values }));
  const days = DAYS.flatMap((day) => (data?.[FIELD[day]] && !document[FIELD[day]] ? [{ day, on: data[FIELD[day]] }] : []));
  if (days.length === 0) return null;
  return (
    <section className={style.ask} aria-label={t('documents.seems')}>
      <b>{t('documents.seems')}</b>
      <span>{format.list(days.map(({ day, on }) => `${t(`documents.day.${day}`)} ${format.day(msOfDay(on))}`))}</span>
      <Group><Button size="xs" variant="default" loading={take.isPending} onClick={() => take.mutate(Object.fromEntries(days.map(({ day, on }) => [FIELD[day], on])))}>{t('documents.take')}</Button></Group>
    </section>
  );
}

function Days({ document }: { document: Document }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { data: settings } = useQuery(settingsQuery);
  const now = serverNow();
  const days = DAYS.filter((day) => document[FIELD[day]]);
  const reminders = settings?.reminderDays ?? [];
  const left = (on: string) => {
    const n = daysUntil(on, now);
    return n === 0 ? t('documents.today') : n > 0 ? t('documents.left', { count: n }) : t('documents.ago', { count: -n });
  };
  return (
    <>
      <Facts rows={[
        ...days.map((day): [string, string] => [t(`documents.dayField.${day}`), `${format.day(msOfDay(document[FIELD[day]]))} (${left(document[FIELD[day]])})`]),
        [t('documents.retainUntil'), document.retainUntil && format.day(msOfDay(document.retainUntil))],
      ]} />
      {days.length > 0 && <p className={style.dim}>{reminders.length > 0
        ? t('documents.reminders', { days: format.list([...reminders].sort((a, b) => b - a).map(String)) }) : t('documents.noReminders')}</p>}
    </>
  );
}

function About({ document }: { document: Document }) {
  const { t } = useTranslation();
  return (
    <Facts rows={[
      [t('documents.type'), t(`documents.types.${document.type}`)],
      [t('field.ownerId'), <PersonName key="owner" id={document.ownerId} />],
      [t('documents.visibility'), t(`documents.visible.${document.visibility}`)],
      [t('documents.about'), document.accountIds.length > 0 && document.accountIds.map((id) => <div key={id}><AccountLink id={id} /></div>)],
      [t('field.tags'), document.tags.join(', ')],
      [t('documents.note'), document.note],
      [t('documents.replacedBy'), document.supersededById && <Link key="by" to="/documents/$id" params={{ id: document.supersededById }}>{t('documents.other')}</Link>],
      [t('documents.legalHold'), document.legalHold && t('yes')],
    ]} />
  );
}

// Who is to read it, and who has not yet; for whoever may change it.
function Readers({ document }: { document: Document }) {
  const { t } = useTranslation();
  const { data: people } = useQuery(peopleQuery);
  const { data = [] } = useQuery(readersQuery(document.id));
  if (!document.mustRead || data.length === 0) return null;
  const left = data.filter((r) => r.number !== document.currentNumber);
  return (
    <section aria-label={t('documents.readers')}>
      <h2 className={style.h}>{t('documents.readers')}</h2>
      <p className={style.readers}>{t('documents.haveReadOf', { read: data.length - left.length, all: data.length })}</p>
      {left.length > 0 && <p className={style.dim}>{t('documents.notYet', { names: left.slice(0, 20).map((r) => people?.get(r.userId)?.name ?? t('somebody')).join(', ') })}{left.length > 20 && ` ${t('andMore', { count: left.length - 20 })}`}</p>}
    </section>
  );
}

function CheckedOut({ document, mayChange }: { document: Document; mayChange: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const me = useMe();
  const { data: people } = useQuery(peopleQuery);
  const checkIn = useAct(() => documents.checkIn({ documentId: document.id }));
  const who = document.checkedOutById;
  if (!who) return null;
  return (
    <Alert color={who === me.user.id ? 'baton' : 'yellow'} variant="light" p="xs">
      {who === me.user.id ? t('documents.outByMe') : t('documents.outBy', { name: people?.get(who)?.name ?? t('somebody') })} · {format.ago(document.checkedOutAt)}
      {mayChange && (who === me.user.id || me.isLead) && <Button size="compact-xs" variant="default" ml="sm" onClick={() => checkIn.mutate(undefined)}>{t('documents.checkIn')}</Button>}
    </Alert>
  );
}

function Buttons({ document, take, edit, children }: { document: Document; take: (file: File | null) => void; edit: () => void; children: ReactNode }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const me = useMe().user.id;
  const checkOut = useAct(() => documents.checkOut({ documentId: document.id }));
  const remove = useDelete('document');
  const isOut = document.checkedOutById !== '';
  useCommands([
    { id: 'document.edit', group: t('nav.documents'), label: t('documents.edit'), keys: 'e', icon: <Icon name="edit" />, run: edit },
    { id: 'document.out', group: t('nav.documents'), label: t('documents.checkOut'), keys: 'o', icon: <Icon name="shield" />, enabled: !isOut, run: () => checkOut.mutate(undefined) },
    { id: 'document.bring', group: t('nav.documents'), label: t('documents.newRevision'), keys: 'c', icon: <Icon name="upload" />, run: () => window.document.querySelector<HTMLElement>('[data-upload]')?.click() },
  ]);
  return (
    <>
      <FileButton onChange={take} disabled={isOut && document.checkedOutById !== me}>{(props) => <Button {...props} size="xs" data-upload disabled={isOut && document.checkedOutById !== me} leftSection={<Icon name="upload" size={15} />}>{t('documents.newRevision')}</Button>}</FileButton>
      {!isOut && <Button size="xs" variant="default" loading={checkOut.isPending} onClick={() => checkOut.mutate(undefined)}>{t('documents.checkOut')}</Button>}
      {children}
      <Menu position="bottom-end" width={200}>
        <Menu.Target><Button size="xs" variant="default" aria-label={t('more')}><Icon name="more" size={16} /></Button></Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<Icon name="edit" size={15} />} onClick={edit}>{t('documents.edit')}</Menu.Item>
          <Menu.Item color="red" leftSection={<Icon name="trash" size={15} />} onClick={() => remove.mutate({ id: document.id }, { onSuccess: () => navigate({ to: '/documents' }) })}>{t('delete')}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </>
  );
}

function Page({ document, revisions }: { document: Document; revisions: DocumentRevision[] }) {
  const { t } = useTranslation();
  const navigate = useNavigate({ from: '/documents/$id' });
  const { number } = useSearch({ from: '/documents/$id' });
  const [file, setFile] = useState<File | null>(null);
  const [isEditing, setEditing] = useState(false);
  const [isSharing, setSharing] = useState(false);
  const { isSuccess: mayChange } = useQuery(readersQuery(document.id));
  const shown = revisions.find((r) => r.number === (number ?? (document.currentNumber || document.lastNumber)));
  const current = revisions.find((r) => r.number === document.currentNumber);
  const share = <ShareButton document={document} open={() => setSharing(true)} />;
  return (
    <DropZone take={([first]) => mayChange && first && setFile(first)} label={t(mayChange ? 'documents.dropHere' : 'documents.mayNot')}>
      <header className={style.head}>
        <div className={style.headText}>
          <Link to="/documents" className={style.back}><Icon name="left" size={14} />{t('nav.documents')}</Link>
          <Group gap="xs" wrap="nowrap"><Title order={1}>{document.title}</Title><StatusBadge status={document.status} /></Group>
        </div>
        <Group gap="xs" className={style.acts}>{mayChange ? <Buttons document={document} take={setFile} edit={() => setEditing(true)}>{share}</Buttons> : share}</Group>
      </header>
      <div className={style.body}>
        {shown ? <Preview key={shown.fileHash} hash={shown.fileHash} name={shown.name} /> : <div className={style.preview}><Empty icon="note" title={t('documents.noRevisions')} text={mayChange ? t('documents.dropHere') : undefined} /></div>}
        <div className={style.side}>
          <CheckedOut document={document} mayChange={mayChange} />
          <ToRead document={document} />
          {mayChange && shown && <Suggested document={document} hash={shown.fileHash} />}
          <Days document={document} />
          <About document={document} />
          <Revisions document={document} revisions={revisions} shown={shown?.number} mayChange={mayChange} show={(n) => navigate({ search: { number: n }, replace: true })} />
          <Links document={document} />
          {mayChange && <Readers document={document} />}
        </div>
      </div>
      {file && <Bring document={document} file={file} close={() => setFile(null)} />}
      {isSharing && <Share document={document} isPdf={current?.mediaType === 'application/pdf'} close={() => setSharing(false)} />}
      {isEditing && <Edit document={document} close={() => setEditing(false)} />}
    </DropZone>
  );
}

export function DocumentPage() {
  const { t } = useTranslation();
  const { id } = useParams({ from: '/documents/$id' });
  const { data, error, refetch } = useQuery({ ...recordQuery('document', id), refetchInterval: 10_000 });
  const { data: revisions } = useQuery(revisionsQuery(id));
  if (error) return <Trouble error={error} again={refetch} />;
  if (data === null) return <Empty icon="search" title={t('notFound')}><Button component={Link} to="/documents" variant="light">{t('nav.documents')}</Button></Empty>;
  if (!data || !revisions) return <div className={style.body} aria-busy="true"><Skeleton height={320} radius="md" /></div>;
  return <Page key={id} document={data} revisions={revisions} />;
}
