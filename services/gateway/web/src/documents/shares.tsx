// Links by which people outside see a document: made, with their address shown once, followed, revoked.
import { Alert, Button, Checkbox, Group, Modal, NumberInput, Stack, Text, TextInput } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { serverNow } from '../api/clock';
import { peopleQuery } from '../api/people';
import { refusalOf } from '../api/refusal';
import type { Document } from '../gen/baton/v1/documents_pb';
import type { DocumentShare, DocumentShareView } from '../gen/baton/v1/shares_pb';
import { useFormat } from '../i18n/format';
import { useTranslation } from '../i18n/words';
import { useCommands } from '../shell/commands';
import { useMe } from '../shell/me';
import { Icon } from '../ui/icons';
import { Once, Sure } from '../ui/once';
import { toast } from '../ui/toast';
import { shares, sharesQuery, useAct, useRevoke } from './data';
import { endOf, LINK_DAYS, untilOf } from './logic';
import { Mark } from './parts';
import style from './documents.module.css';

const FIELDS = ['givenTo', 'days', 'password', 'maxViews', 'watermark'];

interface MakeProps {
  document: Document;
  isPdf: boolean;
  close: () => void;
  made: (token: string) => void;
}

function Make({ document, isPdf, close, made }: MakeProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const [givenTo, setGivenTo] = useState('');
  const [days, setDays] = useState<number | string>(LINK_DAYS);
  const [password, setPassword] = useState('');
  const [maxViews, setMaxViews] = useState<number | string>('');
  const [isMarked, setMarked] = useState(false);
  const [typed, setTyped] = useState<string>();
  const watermark = typed ?? givenTo; // whom it is for, until something else is typed
  const make = useAct(() => shares.createShare({
    documentId: document.id, givenTo: givenTo.trim() || undefined, days: Number(days) || undefined, password: password || undefined,
    maxViews: Number(maxViews) || undefined, watermark: isMarked ? watermark : undefined,
  }), () => {});
  const refusal = make.error ? refusalOf(make.error) : undefined;
  const at = (name: string) => (refusal?.field === name ? refusal.message : undefined);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    make.mutate(undefined, { onSuccess: ({ token }) => made(token) });
  };
  return (
    <Modal opened onClose={close} title={t('documents.share')} closeButtonProps={{ 'aria-label': t('close') }}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <Text size="sm">{t('documents.shareText')}</Text>
          <TextInput label={t('documents.givenTo')} maxLength={400} data-autofocus value={givenTo} onChange={(e) => setGivenTo(e.currentTarget.value)} error={at('givenTo')} />
          <div className={style.two} style={{ alignItems: 'end' }}>
            <NumberInput label={t('documents.days')} description={t('documents.until', { when: format.moment(untilOf(Number(days) || LINK_DAYS, serverNow())) })} min={1} max={366} allowDecimal={false} allowNegative={false} value={days} onChange={setDays} error={at('days')} />
            <NumberInput label={t('documents.maxViews')} description={t('documents.maxViewsText')} min={1} max={1e9} allowDecimal={false} allowNegative={false} value={maxViews} onChange={setMaxViews} error={at('maxViews')} />
          </div>
          <TextInput label={t('documents.linkPassword')} description={t('documents.linkPasswordText')} autoComplete="off" maxLength={256} value={password} onChange={(e) => setPassword(e.currentTarget.value)} error={at('password')} />
          {isPdf && <Checkbox label={t('documents.watermark')} checked={isMarked} onChange={(e) => setMarked(e.currentTarget.checked)} />}
          {isMarked && <TextInput label={t('documents.watermarkSaid')} description={t('documents.watermarkText')} maxLength={120} value={watermark} onChange={(e) => setTyped(e.currentTarget.value)} error={at('watermark')} />}
          {refusal && !FIELDS.some(at) && <Alert color="red" variant="light" role="alert">{refusal.message}</Alert>}
          <Group justify="flex-end"><Button variant="default" onClick={close}>{t('cancel')}</Button><Button type="submit" loading={make.isPending}>{t('documents.makeLink')}</Button></Group>
        </Stack>
      </form>
    </Modal>
  );
}

// What was made stays in sight until it is closed, whatever else becomes of the document.
export function Share({ document, isPdf, close }: { document: Document; isPdf: boolean; close: () => void }) {
  const { t } = useTranslation();
  const [token, setToken] = useState('');
  if (!token) return <Make document={document} isPdf={isPdf} close={close} made={setToken} />;
  return <Once title={t('documents.linkOf', { title: document.title })} secret={`${location.origin}/s/${token}`} close={close} />;
}

export function ShareButton({ document, open }: { document: Document; open: () => void }) {
  const { t } = useTranslation();
  const { data } = useInfiniteQuery(sharesQuery(document.id));
  const mayShare = Boolean(data && document.currentNumber);
  useCommands([{ id: 'document.share', group: t('nav.documents'), label: t('documents.share'), keys: 's', icon: <Icon name="link" />, enabled: mayShare, run: open }]);
  return mayShare && <Button size="xs" variant="default" leftSection={<Icon name="link" size={15} />} onClick={open}>{t('documents.share')}</Button>;
}

function Link({ share, last, revoke }: { share: DocumentShare; last?: DocumentShareView; revoke: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const me = useMe().user.id;
  const { data: people } = useQuery(peopleQuery);
  const end = endOf(share, serverNow());
  const name = share.givenTo || t('documents.toNobody');
  const opened = share.maxViews > 0 ? t('documents.openedOf', { views: share.views, most: share.maxViews })
    : share.views > 0 ? t('documents.opened', { count: share.views }) : t('documents.neverOpened');
  const facts = [
    share.number > 0 && t('documents.number', { number: share.number }), share.hasPassword && t('documents.withPassword'),
    share.watermark && t('documents.watermarkIs', { text: share.watermark }),
  ].filter(Boolean);
  return (
    <li className={style.link}>
      <div className={style.linkMain}>
        <Group gap="xs" wrap="nowrap"><b className="cut">{name}</b>{end && <Mark color={end === 'revoked' ? 'red' : 'gray'} text={t(`documents.linkEnd.${end}`)} />}</Group>
        <div className={style.dim}>{[t('documents.until', { when: format.moment(share.expiresAt) }), opened, last && t('documents.lastOpened', { when: format.moment(last.openedAt) })].filter(Boolean).join(' · ')}</div>
        {facts.length > 0 && <div className={style.dim}>{facts.join(' · ')}</div>}
        {share.createdById !== me && <div className={style.dim}>{t('documents.linkBy', { name: people?.get(share.createdById)?.name ?? t('somebody') })}</div>}
      </div>
      {!end && <Button size="compact-xs" variant="default" aria-label={t('documents.revokeOf', { name })} onClick={revoke}>{t('documents.revoke')}</Button>}
    </li>
  );
}

export function Links({ document }: { document: Document }) {
  const { t } = useTranslation();
  const asked = useInfiniteQuery(sharesQuery(document.id));
  const [ending, setEnding] = useState<DocumentShare>();
  const nameOf = (share?: DocumentShare) => share?.givenTo || t('documents.toNobody');
  const revoke = useRevoke(document.id);
  const found = asked.data?.pages.flatMap((p) => p.shares) ?? [];
  const views = asked.data?.pages.flatMap((p) => p.views) ?? [];
  const go = (share: DocumentShare) => {
    setEnding(undefined);
    revoke.mutate(share.id, { onSuccess: () => toast({ title: t('documents.revokedOf', { name: nameOf(share) }) }) });
  };
  if (found.length === 0 && !asked.hasNextPage) return null;
  return (
    <section aria-label={t('documents.links')}>
      <h2 className={style.h}>{t('documents.links')}</h2>
      <ul className={style.revisions}>{found.map((s) => <Link key={s.id} share={s} last={views.find((v) => v.shareId === s.id)} revoke={() => setEnding(s)} />)}</ul>
      {asked.hasNextPage && <Button size="xs" variant="subtle" loading={asked.isFetchingNextPage} onClick={() => asked.fetchNextPage()}>{t('documents.more')}</Button>}
      {ending && <Sure title={t('documents.revokeOf', { name: nameOf(ending) })} text={t('documents.revokeText')} button={t('documents.revoke')} isPending={false} close={() => setEnding(undefined)} go={() => go(ending)} />}
    </section>
  );
}
