// The lead inbox: what waits, in the order of its deadline; what comes, as it comes; what to do with it.
import { Badge, Skeleton, Stack, Title, VisuallyHidden } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from '../i18n/words';
import { serverNow } from '../api/clock';
import { peopleQuery } from '../api/people';
import type { Lead } from '../gen/baton/v1/leads_pb';
import { useFormat } from '../i18n/format';
import { noticesQuery, useLive } from '../live/live';
import { useCommands } from '../shell/commands';
import { useMe } from '../shell/me';
import { Empty } from '../ui/empty';
import { Icon } from '../ui/icons';
import { PeekFrame } from '../ui/peek';
import { usePhone } from '../ui/phone';
import { List } from '../ui/table';
import { Trouble } from '../ui/trouble';
import { LeadCard, useLeadColumns } from './cells';
import { CloseLead } from './close';
import { Convert } from './convert';
import { openLeadsQuery, useAccept, useClose, useConvert, useDecline } from './data';
import { Decline } from './decline';
import { inQueue, isInWork, isWaiting, leadName, toldOf, whatIsIn, whoLeft } from './logic';
import { QUEUES, type Queue } from './search';
import { LeadPeek } from './peek';
import style from './leads.module.css';

const LEFT_MS = 8000;
const CARD = 146;

function useQueues(): Queue[] {
  const me = useMe();
  return me.isLead ? [...QUEUES] : ['mine', 'breaching'];
}

// `isCut`: of those that are listed; there are more.
function Queues({ counts, here, isCut }: { counts: Map<Queue, number>; here: Queue; isCut: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const isPhone = usePhone();
  const queues = useQueues();
  const countOf = (queue: Queue) => (counts.get(queue) ? `${format.number(counts.get(queue) ?? 0)}${isCut ? '+' : ''}` : '');
  const link = (queue: Queue) => (
    <Link key={queue} to="/leads" search={queue === 'mine' ? {} : { queue }} className={isPhone ? style.chip : style.queue} data-here={queue === here || undefined}
      aria-current={queue === here ? 'page' : undefined}>
      <span>{t(`leads.queue.${queue}`)}</span>
      <span className={`${style.number} ${queue === 'breaching' && counts.get(queue) ? style.late : ''}`}>{countOf(queue)}</span>
    </Link>
  );
  return isPhone
    ? <nav className={style.tabs} aria-label={t('leads.queues')}><VisuallyHidden component="h1">{t('nav.leads')}</VisuallyHidden>{queues.map(link)}</nav>
    : <nav className={style.queues} aria-label={t('leads.queues')}><Title order={1}>{t('nav.leads')}</Title>{queues.map(link)}</nav>;
}

// Those that waited for me and went to somebody else while I looked.
function useLeft(leads: Lead[] | undefined, me: string, sent: Set<string>) {
  const [left, setLeft] = useState<Lead[]>([]);
  const before = useRef<Lead[]>(undefined);
  useEffect(() => {
    if (!leads) return;
    const gone = whoLeft(before.current ?? [], leads, me, sent);
    before.current = leads;
    if (gone.length === 0) return;
    setLeft((now) => [...now, ...gone]);
    setTimeout(() => setLeft((now) => now.filter((lead) => !gone.includes(lead))), LEFT_MS);
  }, [leads, me, sent]);
  return left;
}

function useTitle(waiting: number) {
  useEffect(() => {
    document.title = waiting ? `(${waiting}) Baton` : 'Baton';
    if ('setAppBadge' in navigator) (waiting ? navigator.setAppBadge(waiting) : navigator.clearAppBadge()).catch(() => {});
  }, [waiting]);
}

function useNobody(queue: Queue) {
  const { t } = useTranslation();
  const me = useMe();
  const key = queue === 'mine' && !me.isLead ? 'rep' : queue;
  return { title: t(`leads.empty.${key}.title`), text: t(`leads.empty.${key}.text`) };
}

export function LeadsPage() {
  const { t } = useTranslation();
  const me = useMe();
  const { seen } = useLive();
  const search = useSearch({ from: '/leads' });
  const navigate = useNavigate({ from: '/leads' });
  const queue = search.queue ?? 'mine';
  const asked = useQuery(openLeadsQuery(me.isLead ? undefined : me.user.id));
  const { data: notices } = useQuery(noticesQuery);
  const { data: people } = useQuery(peopleQuery);
  const [active, setActive] = useState<string>();
  const [declining, setDeclining] = useState<Lead>();
  const [converting, setConverting] = useState<Lead>();
  const [closing, setClosing] = useState<Lead>();
  const [sent] = useState(() => new Set<string>());
  const all = asked.data?.leads;
  const left = useLeft(all, me.user.id, sent);
  const told = useMemo(() => toldOf(notices ?? []), [notices]);
  const now = Math.floor(serverNow() / 5000) * 5000;
  const rows = useMemo(() => {
    const there = inQueue(all ?? [], queue, me.user.id, now);
    const gone = queue === 'mine' || queue === 'breaching' ? left.filter((l) => !there.some((r) => r.id === l.id)) : [];
    return [...gone, ...there];
  }, [all, queue, me.user.id, now, left]);
  const counts = useMemo(() => new Map(QUEUES.map((q) => [q, whatIsIn(all ?? [], q, me.user.id, now).length])), [all, me.user.id, now]);
  useTitle(useMemo(() => (all ?? []).filter((l) => l.ownerId === me.user.id && isWaiting(l) && !l.queueId).length, [all, me.user.id]));

  const whoIs = useCallback((id: string) => (id === me.user.id ? t('you') : (people?.get(id)?.name ?? t('somebody'))), [people, me.user.id, t]);
  const show = useCallback((lead?: string) => navigate({ search: (s) => ({ ...s, lead }), replace: true }), [navigate]);
  const at = search.lead && rows.some((r) => r.id === search.lead) ? search.lead : active;
  const move = (id: string) => {
    setActive(id);
    if (search.lead) show(id);
  };
  const open = (id: string) => {
    setActive(id);
    show(id);
  };
  const current = rows.find((r) => r.id === at);
  const canAnswer = (lead?: Lead) => lead !== undefined && lead.ownerId === me.user.id && isWaiting(lead) && !left.includes(lead);
  const canWork = (lead?: Lead) => lead !== undefined && lead.ownerId === me.user.id && isInWork(lead);
  const accept = useAccept();
  const convert = useConvert();
  const giveUp = useClose();
  const decline = useDecline(me.user.id, whoIs);
  const take = (lead: Lead) => {
    sent.add(lead.id);
    accept.mutate({ lead });
  };
  const refuse = (lead: Lead, reason: string) => {
    const i = rows.findIndex((r) => r.id === lead.id);
    setActive((rows[i + 1] ?? rows[i - 1])?.id);
    if (search.lead === lead.id) show(undefined);
    sent.add(lead.id);
    decline.mutate({ lead, reason });
  };
  const about = current ? leadName(current) : '';
  useCommands([
    { id: 'lead.accept', group: t('nav.leads'), label: t('leads.acceptName', { name: about }), keys: 'a', icon: <Icon name="check" />, enabled: canAnswer(current),
      run: () => current && take(current) },
    { id: 'lead.decline', group: t('nav.leads'), label: t('leads.declineName', { name: about }), keys: 'd', icon: <Icon name="close" />, enabled: canAnswer(current),
      run: () => setDeclining(current) },
    { id: 'lead.convert', group: t('nav.leads'), label: t('leads.convertName', { name: about }), keys: 'v', icon: <Icon name="right" />, enabled: canWork(current),
      run: () => setConverting(current) },
    { id: 'lead.close', group: t('nav.leads'), label: t('leads.closeName', { name: about }), keys: 'n', icon: <Icon name="close" />, enabled: canWork(current),
      run: () => setClosing(current) },
  ]);
  const onSight = useCallback((ids: string[]) => seen(ids.flatMap((id) => told.get(id)?.unseen ?? [])), [seen, told]);
  const columns = useLeadColumns({ told, whoIs, left, isAll: queue !== 'mine', isScored: rows.some((r) => r.score > 0), me: me.user.id, canAnswer, take, refuse: setDeclining });
  const nobody = useNobody(queue);
  const peek = search.lead && (
    <LeadPeek key={search.lead} id={search.lead} known={rows.find((r) => r.id === search.lead)} since={told.get(search.lead)?.since} whoIs={whoIs}
      close={() => show(undefined)} accept={take} decline={setDeclining} convert={setConverting} giveUp={setClosing} />
  );
  return (
    <div className={style.page}>
      <Queues counts={counts} here={queue} isCut={asked.data?.isCut === true} />
      <PeekFrame peek={peek}>
        {asked.error && <Trouble error={asked.error} again={asked.refetch} />}
        {!all && !asked.error && <Stack p="md" gap="xs" aria-busy="true">{[...Array(8).keys()].map((i) => <Skeleton key={i} height={32} />)}</Stack>}
        {all && rows.length === 0 && <Empty icon="check" {...nobody} />}
        {rows.length > 0 && (
          <List label={t('nav.leads')} rows={rows} idOf={(lead) => lead.id} columns={columns} active={at} onActive={move} onOpen={open}
            onPeek={(id) => show(search.lead === id ? undefined : id)} onSight={onSight} cardHeight={CARD}
            look={(lead) => ({ 'data-leaving': left.includes(lead) || undefined, 'data-unseen': (told.get(lead.id)?.unseen.length ?? 0) > 0 || undefined,
              'data-working': !isWaiting(lead) || undefined })}
            card={(lead) => <LeadCard lead={lead} told={told.get(lead.id)} note={noteOf(lead)} acts={canAnswer(lead) ? { take, refuse: setDeclining } : undefined} />}
            swipe={(lead) => (canAnswer(lead) ? { yes: { label: t('leads.accept'), run: () => take(lead) }, no: { label: t('leads.decline'), run: () => setDeclining(lead) } } : undefined)} />
        )}
        {asked.data?.isCut && <Badge m="xs" variant="light">{t('leads.cut', { count: asked.data.leads.length })}</Badge>}
      </PeekFrame>
      <Decline lead={declining} close={() => setDeclining(undefined)} send={refuse} />
      {converting && <Convert lead={converting} close={() => setConverting(undefined)} send={(lead, conversion) => {
        show(lead.id); // it leaves the list; what became of it is seen there
        convert.mutate({ lead, conversion });
      }} />}
      {closing && <CloseLead lead={closing} close={() => setClosing(undefined)} send={(lead, reason, text) => giveUp.mutate({ lead, reason, text })} />}
    </div>
  );

  function noteOf(lead: Lead) {
    if (left.includes(lead)) return t('leads.handedOn');
    return lead.ownerId === me.user.id ? '' : t('leads.withName', { name: whoIs(lead.ownerId) });
  }
}
