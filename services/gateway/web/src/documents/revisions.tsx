// What a document was, is, and may become: looked at, reviewed, made the current one.
import { Button, Group, Menu, Modal, MultiSelect, Stack, Textarea, UnstyledButton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from '../i18n/words';
import { peopleQuery } from '../api/people';
import { PersonName } from '../customers/value';
import { UserStatus } from '../gen/baton/v1/directory_pb';
import { type Document, type DocumentRevision, RevisionStatus } from '../gen/baton/v1/documents_pb';
import { useFormat } from '../i18n/format';
import { useMe } from '../shell/me';
import { Icon } from '../ui/icons';
import { documents, useAct } from './data';
import { isAsked, sizeText } from './logic';
import { RevisionBadge } from './parts';
import style from './documents.module.css';

function AskReview({ revision, close }: { revision: DocumentRevision; close: () => void }) {
  const { t } = useTranslation();
  const { data } = useQuery(peopleQuery);
  const [chosen, setChosen] = useState<string[]>([]);
  const ask = useAct(() => documents.requestReview({ documentId: revision.documentId, number: revision.number, reviewerIds: chosen }));
  const people = [...(data?.values() ?? [])].filter((u) => u.status === UserStatus.ACTIVE && u.id !== revision.authorId);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    ask.mutate(undefined, { onSuccess: close });
  };
  return (
    <Modal opened onClose={close} title={t('documents.askTitle', { number: revision.number })} closeButtonProps={{ 'aria-label': t('close') }}>
      <form onSubmit={submit}>
        <Stack>
          <MultiSelect label={t('documents.reviewers')} description={t('documents.reviewersText')} searchable limit={50} maxValues={16} data-autofocus
            data={people.map((u) => ({ value: u.id, label: u.name }))} value={chosen} onChange={setChosen} />
          <Button type="submit" disabled={chosen.length === 0} loading={ask.isPending}>{t('documents.askReview')}</Button>
        </Stack>
      </form>
    </Modal>
  );
}

// Somebody is asked whether it is good.
export function Review({ revision }: { revision: DocumentRevision }) {
  const { t } = useTranslation();
  const [note, setNote] = useState('');
  const say = useAct((approve: boolean) => documents.reviewRevision({ documentId: revision.documentId, number: revision.number, approve, note: note.trim() || undefined }));
  return (
    <section className={style.ask} aria-label={t('documents.reviewTitle', { number: revision.number })}>
      <b>{t('documents.reviewTitle', { number: revision.number })}</b>
      <Textarea size="xs" autosize minRows={1} maxRows={6} maxLength={4000} aria-label={t('documents.reviewNote')} placeholder={t('documents.reviewNote')} value={note} onChange={(e) => setNote(e.currentTarget.value)} />
      <Group gap="xs">
        <Button size="xs" loading={say.isPending} onClick={() => say.mutate(true)}>{t('documents.approve')}</Button>
        <Button size="xs" variant="default" disabled={!note.trim() || say.isPending} onClick={() => say.mutate(false)}>{t('documents.reject')}</Button>
      </Group>
    </section>
  );
}

function Acts({ revision: r, mayChange, ask }: { revision: DocumentRevision; mayChange: boolean; ask: () => void }) {
  const { t } = useTranslation();
  const make = useAct(() => documents.makeCurrent({ documentId: r.documentId, number: r.number }));
  const mayAsk = r.status === RevisionStatus.DRAFT || r.status === RevisionStatus.IN_REVIEW;
  return (
    <Menu position="bottom-end" width={230}>
      <Menu.Target><UnstyledButton className={style.dots} aria-label={t('documents.actsOf', { number: r.number })}><Icon name="more" /></UnstyledButton></Menu.Target>
      <Menu.Dropdown>
        <Menu.Item component="a" href={`/v1/files/${r.fileHash}`} download={r.name} leftSection={<Icon name="download" size={15} />}>{t('documents.download')}</Menu.Item>
        {mayChange && r.status !== RevisionStatus.CURRENT && <Menu.Item leftSection={<Icon name="check" size={15} />} onClick={() => make.mutate(undefined)}>{t('documents.makeCurrent')}</Menu.Item>}
        {mayChange && mayAsk && <Menu.Item leftSection={<Icon name="people" size={15} />} onClick={ask}>{t('documents.askReview')}</Menu.Item>}
      </Menu.Dropdown>
    </Menu>
  );
}

function Said({ revision: r }: { revision: DocumentRevision }) {
  const { t } = useTranslation();
  const { data: people } = useQuery(peopleQuery);
  const names = (ids: string[]) => ids.map((id) => people?.get(id)?.name ?? t('somebody'));
  const format = useFormat();
  const left = r.reviewerIds.filter((id) => !r.approvedByIds.includes(id));
  return (
    <>
      {r.approvedByIds.length > 0 && <div className={style.dim}>{t('documents.approvedBy', { names: format.list(names(r.approvedByIds)) })}</div>}
      {r.rejectedById && <div className={style.urgent}>{t('documents.rejectedBy', { names: names([r.rejectedById])[0] })}</div>}
      {r.status === RevisionStatus.IN_REVIEW && left.length > 0 && <div className={style.dim}>{t('documents.waitsFor', { names: format.list(names(left)) })}</div>}
      {r.reviewNote && <div className={style.note}>{r.reviewNote}</div>}
    </>
  );
}

interface RevisionsProps {
  document: Document;
  revisions: DocumentRevision[];
  shown?: number;
  mayChange: boolean;
  show: (number: number) => void;
}

export function Revisions({ document, revisions, shown, mayChange, show }: RevisionsProps) {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const me = useMe().user.id;
  const [asked, setAsked] = useState<DocumentRevision>();
  return (
    <section aria-label={t('documents.revisions')}>
      <h2 className={style.h}>{t('documents.revisions')}</h2>
      {revisions.filter((r) => isAsked(r, me)).map((r) => <Review key={r.id} revision={r} />)}
      {revisions.length === 0 && <p className={style.dim}>{t('documents.noRevisions')}</p>}
      <ol className={style.revisions} reversed>
        {revisions.map((r) => (
          <li key={r.id} className={style.revision} data-here={r.number === shown || undefined}>
            <UnstyledButton className={style.revisionMain} onClick={() => show(r.number)} aria-current={r.number === shown || undefined}>
              <span className="sr">{t('documents.showRevision', { number: r.number })}</span>
              <Group gap="xs" wrap="nowrap"><b className="num">{r.number}</b><RevisionBadge status={r.status} /><span className="cut">{r.name}</span></Group>
              <div className={style.dim}><PersonName id={r.authorId} /> · {format.moment(r.createdAt)} · {sizeText(r.size, i18n.language)}</div>
              {r.note && <div className={style.note}>{r.note}</div>}
              <Said revision={r} />
            </UnstyledButton>
            <Acts revision={r} mayChange={mayChange && (!document.checkedOutById || document.checkedOutById === me)} ask={() => setAsked(r)} />
          </li>
        ))}
      </ol>
      {asked && <AskReview revision={asked} close={() => setAsked(undefined)} />}
    </section>
  );
}
