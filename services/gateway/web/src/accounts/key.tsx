// A key account on one page: who buys there and as what, the plan, what service has to know, what is open, what happened last.
import { Anchor, Button, Group, Skeleton, Title } from '@mantine/core';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useTranslation } from '../i18n/words';
import { serverNow } from '../api/clock';
import { contacts } from '../api/customers';
import { peopleQuery } from '../api/people';
import { listAll } from '../api/records';
import { PersonName } from '../customers/value';
import { type BuyerShown, type GetKeyAccountResponse } from '../gen/baton/v1/contacts_pb';
import { StageKind } from '../gen/baton/v1/opportunities_pb';
import { msOf, personName, useFormat } from '../i18n/format';
import { useMoney } from '../i18n/money';
import { useCommands } from '../shell/commands';
import { Empty } from '../ui/empty';
import { Icon } from '../ui/icons';
import { Trouble } from '../ui/trouble';
import { PlanEdit } from './plan';
import style from './key.module.css';

const EVERY_MS = 15_000;
const SHOWN = 12;

export const keyAccountQuery = (accountId: string) => queryOptions({
  queryKey: ['keyAccount', accountId],
  refetchInterval: EVERY_MS,
  queryFn: ({ signal }) => contacts.getKeyAccount({ accountId }, { signal }),
});

const dealsQuery = (accountId: string) => queryOptions({
  queryKey: ['opportunities', 'of', accountId],
  refetchInterval: EVERY_MS,
  queryFn: async ({ signal }) => (await listAll('opportunity', signal, { field: 'accountId', value: accountId })).found.filter((o) => o.stageKind === StageKind.OPEN),
});

function Card({ title, isEmpty, children }: { title: string; isEmpty: boolean; children: ReactNode }) {
  const { t } = useTranslation();
  return <section className={style.card} aria-label={title}><h2 className={style.h}>{title}</h2>{isEmpty ? <p className={style.dim}>{t('keyAccount.nothing')}</p> : children}</section>;
}

function Buyers({ buyers }: { buyers: BuyerShown[] }) {
  const { t } = useTranslation();
  return (
    <Card title={t('keyAccount.buyers')} isEmpty={buyers.length === 0}>
      <ul className={style.list}>
        {buyers.map(({ buyer, contact }) => (
          <li key={`${buyer?.contactId}${buyer?.role}`}>
            <div>{contact ? <Link to="/contacts/$id" params={{ id: contact.id }}>{personName(contact) || contact.email}</Link> : t('somebody')} <span className={style.role}>{t(`keyAccount.role.${buyer?.role ?? 0}`)}</span></div>
            {contact && <div className={style.dim}>{[contact.title, contact.mobilePhone || contact.phone, contact.email].filter(Boolean).join(' · ')}</div>}
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Open({ data, id }: { data: GetKeyAccountResponse; id: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const money = useMoney();
  const { data: deals = [] } = useQuery(dealsQuery(id));
  const whenOf = (a: (typeof data.openActivities)[number]) => a.startAt;
  return (
    <>
      <Card title={t('keyAccount.deals')} isEmpty={deals.length === 0}>
        <ul className={style.list}>{deals.slice(0, SHOWN).map((o) => <li key={o.id}><Link to="/pipeline/$id" params={{ id: o.id }}>{o.name}</Link> <span className={style.dim}>{[money.short(o.amount), o.closeDate && format.day(new Date(`${o.closeDate}T12:00:00`).getTime())].filter(Boolean).join(' · ')}</span></li>)}</ul>
        {deals.length > SHOWN && <p className={style.dim}>{t('andMore', { count: deals.length - SHOWN })}</p>}
      </Card>
      <Card title={t('keyAccount.open')} isEmpty={data.openActivities.length === 0}>
        <ul className={style.list}>{data.openActivities.map((a) => <li key={a.id}>{a.subject} <span className={msOf(whenOf(a)) < serverNow() ? style.late : style.dim}>{format.day(whenOf(a))}</span> <span className={style.dim}><PersonName id={a.ownerId} /></span></li>)}</ul>
      </Card>
    </>
  );
}

function Happened({ data }: { data: GetKeyAccountResponse }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { data: people } = useQuery(peopleQuery);
  return (
    <>
      <Card title={t('keyAccount.notes')} isEmpty={data.notes.length === 0}>
        <ul className={style.list}>{data.notes.map((n) => <li key={n.id}><div className={style.text}>{n.text}</div><span className={style.dim}><PersonName id={n.ownerId} /> · {format.day(n.createdAt)}</span></li>)}</ul>
      </Card>
      <Card title={t('keyAccount.history')} isEmpty={data.history.length === 0}>
        <ul className={style.list}>
          {data.history.map((c) => (
            <li key={`${c.id}${c.revision}`}>{people?.get(c.actor?.userId ?? '')?.name ?? (c.actor?.service || t('somebody'))}: {t(c.fields.length > 0 ? 'keyAccount.changed' : 'keyAccount.made', { what: t(`keyAccount.what.${c.type}`), fields: c.fields.map((f) => t(`field.${f.replace(/_(.)/g, (_, x: string) => x.toUpperCase())}`, f)).join(', ') })} <span className={style.dim}>{format.ago(c.changedAt)}</span></li>
          ))}
        </ul>
      </Card>
    </>
  );
}

export function KeyAccountPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const { id } = useParams({ from: '/accounts/$id/key' });
  const { data, error, refetch } = useQuery(keyAccountQuery(id));
  const [isEditing, setEditing] = useState(false);
  const mayPlan = data?.account?.isKeyAccount ?? false;
  useCommands([{ id: 'keyAccount.edit', group: t('keyAccount.title'), label: t('keyAccount.edit'), keys: 'e', icon: <Icon name="edit" />, enabled: mayPlan, run: () => setEditing(true) }]);
  if (error && !data) return <Trouble error={error} again={refetch} />;
  if (!data) return <div className={style.page} aria-busy="true"><Skeleton height={300} radius="md" /></div>;
  const { account, plan } = data;
  if (!account) return <Empty icon="search" title={t('notFound')} />;
  const review = plan?.nextReviewDate ? new Date(`${plan.nextReviewDate}T12:00:00`).getTime() : NaN;
  return (
    <div className={style.page}>
      <header className={style.head}>
        <div className={style.grows}>
          <Anchor component={Link} to="/accounts/$id" params={{ id } as never} size="sm">{t('keyAccount.back')}</Anchor>
          <Title order={1}>{account.name}</Title>
          <Group gap="sm" className={style.dim}><span><PersonName id={account.ownerId} /></span>
            {plan?.nextReviewDate && <span className={review < serverNow() ? style.late : undefined}>{t('keyAccount.review', { day: format.day(review) })}</span>}</Group>
        </div>
        {mayPlan && <Button size="xs" onClick={() => setEditing(true)} rightSection={<kbd>E</kbd>}>{t(plan ? 'keyAccount.edit' : 'keyAccount.begin')}</Button>}
      </header>
      {!mayPlan && <p className={style.dim}>{t('keyAccount.isNone')}</p>}
      <div className={style.cards}>
        <Buyers buyers={data.buyers} />
        <Card title={t('keyAccount.goals')} isEmpty={!plan?.goals}><div className={style.text}>{plan?.goals}</div></Card>
        <Card title={t('keyAccount.service')} isEmpty={!plan?.serviceInformation}><div className={style.text}>{plan?.serviceInformation}</div></Card>
        <Open data={data} id={id} />
        <Happened data={data} />
      </div>
      {data.isCut && <p className={style.dim}>{t('keyAccount.cut')}</p>}
      {isEditing && <PlanEdit accountId={id} plan={plan} contacts={data.contacts} close={() => setEditing(false)} />}
    </div>
  );
}
