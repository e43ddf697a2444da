// What a row and a card show of a lead.
import { Badge, Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useMemo } from 'react';
import { saidOf } from '../i18n';
import { useTranslation } from '../i18n/words';
import type { Lead } from '../gen/baton/v1/leads_pb';
import { msOf } from '../i18n/format';
import type { Column } from '../ui/table';
import { explainQuery } from './data';
import { leadFacts, leadName, type Told } from './logic';
import { Ring } from './ring';
import style from './leads.module.css';

// Leads that came without a notification (of others, or of long ago) say why they are where they are too.
function useReason(lead: Lead, told?: Told) {
  const { data } = useQuery({ ...explainQuery(lead.id, lead.decisionCount), enabled: told?.reason === undefined && lead.decisionCount > 0 });
  const last = data?.decisions.at(-1);
  return { reason: saidOf(told?.reason ?? last?.summary ?? ''), since: told?.since ?? (last ? msOf(last.decision?.decidedAt) : undefined) };
}

function Time({ lead, told }: { lead: Lead; told?: Told }) {
  return <Ring lead={lead} since={useReason(lead, told).since} />;
}

function Why({ lead, told }: { lead: Lead; told?: Told }) {
  const { reason } = useReason(lead, told);
  return <span className={style.why} title={reason}>{reason}</span>;
}

function Name({ lead, told }: { lead: Lead; told?: Told }) {
  const { t } = useTranslation();
  return <span className={style.name}>{(told?.unseen.length ?? 0) > 0 && <i className={style.dot} title={t('new')} />}<span className="cut">{leadName(lead)}</span></span>;
}

interface Acts {
  take: (lead: Lead) => void;
  refuse: (lead: Lead) => void;
}

function Buttons({ lead, take, refuse }: Acts & { lead: Lead }) {
  const { t } = useTranslation();
  const stop = (act: (lead: Lead) => void) => (event: { stopPropagation: () => void }) => {
    event.stopPropagation();
    act(lead);
  };
  return (
    <>
      <Button size="compact-xs" onClick={stop(take)}>{t('leads.accept')}</Button>
      <Button size="compact-xs" variant="default" onClick={stop(refuse)}>{t('leads.decline')}</Button>
    </>
  );
}

interface Cells extends Acts {
  told: Map<string, Told>;
  whoIs: (id: string) => string;
  left: Lead[];
  me: string;
  isAll: boolean;
  isScored: boolean;
  canAnswer: (lead: Lead) => boolean;
}

export function useLeadColumns({ told, whoIs, left, me, isAll, isScored, canAnswer, take, refuse }: Cells): Column<Lead>[] {
  const { t } = useTranslation();
  return useMemo(() => {
    const column = (id: string, width: number, cell: (lead: Lead) => ReactNode, more = {}): Column<Lead> => ({ id, header: t(`leads.column.${id}`), width, cell, ...more });
    const holder = (lead: Lead) => (left.includes(lead) ? <i>{t('leads.handedOn')}</i> : whoIs(lead.ownerId));
    return [
      column('name', 160, (lead) => <Name lead={lead} told={told.get(lead.id)} />, { grows: true }),
      column('time', 112, (lead) => <Time lead={lead} told={told.get(lead.id)} />, { isSorted: true }),
      ...(isScored ? [column('score', 60, (lead) => (lead.score ? <Badge size="sm" variant="light">{Math.round(lead.score / 10)}</Badge> : ''))] : []),
      column('company', 140, (lead) => (lead.company === leadName(lead) ? '' : lead.company), { grows: true }),
      column('source', 95, (lead) => lead.leadSource),
      column('where', 125, (lead) => [lead.address?.city, lead.address?.country].filter(Boolean).join(', ')),
      ...(isAll || left.length > 0 ? [column('holder', 110, holder)] : []),
      column('why', 190, (lead) => <Why lead={lead} told={told.get(lead.id)} />, { grows: true }),
      column('acts', 168, (lead) => (canAnswer(lead) ? <span className={style.acts}><Buttons lead={lead} take={take} refuse={refuse} /></span> : '')),
    ];
  }, [t, told, whoIs, left, me, isAll, isScored, canAnswer, take, refuse]);
}

export function LeadCard({ lead, told, note, acts }: { lead: Lead; told?: Told; note: string; acts?: Acts }) {
  const { t } = useTranslation();
  const from = lead.leadSource && t('leads.from', { source: lead.leadSource });
  return (
    <>
      <div className={style.cardTop}><Name lead={lead} told={told} /><Time lead={lead} told={told} /></div>
      <div className={`${style.cardFacts} cut`}>{[...leadFacts(lead), from].filter(Boolean).join(' · ')}</div>
      <div className="cut" style={{ fontSize: '0.8125rem' }}>{note || <Why lead={lead} told={told} />}</div>
      {acts && (
        <div className={style.cardActs}>
          <Button flex={1} size="compact-md" onClick={(e) => { e.stopPropagation(); acts.take(lead); }}>{t('leads.accept')}</Button>
          <Button flex={1} size="compact-md" variant="default" onClick={(e) => { e.stopPropagation(); acts.refuse(lead); }}>{t('leads.decline')}</Button>
        </div>
      )}
    </>
  );
}
