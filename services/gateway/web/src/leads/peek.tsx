// One lead: how to reach them, what they want, what is known, and why it is here.
import { Button, Group, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { saidOf } from '../i18n';
import { useTranslation } from '../i18n/words';
import { type Lead, LeadStatus } from '../gen/baton/v1/leads_pb';
import { type Format, useFormat } from '../i18n/format';
import { useMe } from '../shell/me';
import { Facts, Peek } from '../ui/peek';
import { Reach } from '../ui/reach';
import { Trouble } from '../ui/trouble';
import { leadQuery } from './data';
import { Explained } from './explain';
import { isInWork, isWaiting, leadName } from './logic';
import { Missing } from './missing';
import { Ring } from './ring';
import style from './leads.module.css';

export function addressOf(a: Lead['address']): string {
  if (!a) return '';
  return [a.street, [a.postalCode, a.city].filter(Boolean).join(' '), a.state, a.country].filter(Boolean).join(', ');
}

const LOOK_AGAIN_MS = 500;

const number = (format: Format, n: bigint) => (n ? format.number(n) : '');

// What became of it, once its services have made it.
function useMade(lead: Lead): [string, ReactNode][] {
  const { t } = useTranslation();
  return [
    [t('leads.made.account'), lead.convertedAccountId && <Link to="/accounts/$id" params={{ id: lead.convertedAccountId }}>{lead.company || t('leads.made.open')}</Link>],
    [t('leads.made.contact'), lead.convertedContactId && <Link to="/contacts/$id" params={{ id: lead.convertedContactId }}>{leadName(lead)}</Link>],
    [t('leads.made.opportunity'), lead.convertedOpportunityId && <Link to="/pipeline/$id" params={{ id: lead.convertedOpportunityId }}>{t('leads.made.open')}</Link>],
  ];
}

function useRows(lead: Lead): [string, ReactNode][] {
  const { t } = useTranslation();
  const format = useFormat();
  const please = [lead.doNotCall && t('leads.doNotCall'), lead.hasOptedOutOfEmail && t('leads.doNotMail')].filter(Boolean).join(', ');
  const rows: [string, string][] = [
    ['email', lead.email], ['phone', lead.phone], ['mobile_phone', lead.mobilePhone], ['website', lead.website], ['title', lead.title],
    ['address', addressOf(lead.address)], ['industry', lead.industry], ['product_interest', lead.productInterest],
    ['number_of_employees', number(format, lead.numberOfEmployees)], ['annual_revenue', number(format, lead.annualRevenue)], ['language', lead.language],
    ['lead_source', lead.leadSource], ['campaign_id', lead.campaignId], ['please', please], ['received_at', format.moment(lead.receivedAt)],
    ['accept_by', isWaiting(lead) ? format.moment(lead.responseDueAt) : ''], ['score', lead.score ? `${Math.round(lead.score / 10)} %` : ''],
    ['completeness', t('leads.complete', { count: lead.completeness })], ['attachments', lead.attachments.map((a) => a.name).join(', ')], ['flags', lead.flags.map(saidOf).join('; ')],
  ];
  return rows.map(([field, text]) => [t(`field.${field}`), text]);
}

interface LeadPeek {
  id: string;
  known?: Lead;
  since?: number;
  whoIs: (id: string) => string;
  close: () => void;
  accept: (lead: Lead) => void;
  decline: (lead: Lead) => void;
  convert: (lead: Lead) => void;
  giveUp: (lead: Lead) => void;
}

const isBeingMade = (lead?: Lead) => lead?.status === LeadStatus.CONVERTED && !lead.convertedContactId;

function Body({ lead, isMine }: { lead: Lead; isMine: boolean }) {
  const rows = useRows(lead);
  const made = useMade(lead);
  return (
    <>
      <Reach of={lead} />
      {lead.message && <blockquote className={style.message}>{lead.message}</blockquote>}
      <Facts rows={[...made, ...rows]} />
      {isMine && lead.open && <Missing lead={lead} />}
      <Explained lead={lead} />
    </>
  );
}

export function LeadPeek({ id, known, since, whoIs, close, accept, decline, convert, giveUp }: LeadPeek) {
  const { t } = useTranslation();
  const me = useMe();
  const { data, error, refetch } = useQuery({ ...leadQuery(id), placeholderData: known, refetchInterval: ({ state }) => isBeingMade(state.data) && LOOK_AGAIN_MS });
  const lead = data ?? known;
  if (!lead) {
    return (
      <Peek title={t('kind.lead')} label={t('kind.lead')} close={close}>
        {error ? <Trouble error={error} again={refetch} /> : <Skeleton height={240} radius="md" />}
      </Peek>
    );
  }
  const isMine = lead.ownerId === me.user.id;
  const status = t(`leadStatus.${lead.status}`);
  const sub = [lead.company !== leadName(lead) && lead.company, isMine ? status : t('leads.with', { name: whoIs(lead.ownerId), status })].filter(Boolean).join(' · ');
  const work = isMine && isInWork(lead) && (
    <Group gap="xs" wrap="nowrap">
      <Button flex={1} onClick={() => convert(lead)} rightSection={<kbd>V</kbd>}>{t('leads.convert')}</Button>
      <Button variant="default" onClick={() => giveUp(lead)} rightSection={<kbd>N</kbd>}>{t('leads.close')}</Button>
    </Group>
  );
  const foot = isMine && isWaiting(lead) ? (
    <Group gap="xs" wrap="nowrap">
      <Button flex={1} onClick={() => accept(lead)} rightSection={<kbd>A</kbd>}>{t('leads.accept')}</Button>
      <Button variant="default" onClick={() => decline(lead)} rightSection={<kbd>D</kbd>}>{t('leads.decline')}</Button>
      <Ring lead={lead} since={since} />
    </Group>
  ) : work;
  return (
    <Peek title={leadName(lead)} sub={sub} label={t('kind.lead')} close={close} foot={foot}>
      <Body key={lead.id} lead={lead} isMine={isMine} />
    </Peek>
  );
}
