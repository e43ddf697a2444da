// All about one customer: facts on the left, what was and is to be done in the middle, who and what belongs to it on the right.
import { ActionIcon, Alert, Anchor, Badge, Button, Group, Menu, Paper, Progress, SegmentedControl, Skeleton, Stack, Tabs, Text, Title } from '@mantine/core';
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useTranslation } from '../i18n/words';
import { contacts } from '../api/customers';
import { listQuery, recordQuery, useDelete } from '../api/records';
import { type Contact, ConsentState, ProblemKind, Severity } from '../gen/baton/v1/contacts_pb';
import { useFormat } from '../i18n/format';
import { personName } from '../i18n/format';
import { usePhone } from '../ui/phone';
import { Empty } from '../ui/empty';
import { Icon } from '../ui/icons';
import { Plans } from '../plans/section';
import { Reach } from '../ui/reach';
import { complain, toast } from '../ui/toast';
import { Trouble } from '../ui/trouble';
import { Activities, Notes } from './activities';
import { Composer } from './composer';
import { consentQuery, qualityQuery, timelineQuery } from './data';
import { CustomerFacts } from './facts';
import { History } from './history';
import { type Customer, KINDS, type Kind } from './kinds';
import { NewCustomer } from './new';
import { Timeline } from './timeline';
import { PersonName, Value } from './value';
import style from './customers.module.css';

const TABS = ['timeline', 'activities', 'notes', 'history'] as const;
type Tab = (typeof TABS)[number];

function People({ account }: { account: Customer }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [isNew, setNew] = useState(false);
  const { data } = useInfiniteQuery(listQuery('contact', { field: 'accountId', value: account.id }));
  const people = data?.pages.flatMap((p) => p.rows).filter((c) => !c.mergedIntoId) ?? [];
  return (
    <Paper withBorder radius="md" p="sm">
      <Group justify="space-between"><Title order={3}>{t('customers.people')}</Title>
        <ActionIcon variant="subtle" color="gray" aria-label={t('customers.new.contact')} onClick={() => setNew(true)}><Icon name="plus" size={16} /></ActionIcon></Group>
      {people.map((c) => (
        <div key={c.id} className={style.related}>
          <Anchor component={Link} to="/contacts/$id" params={{ id: c.id } as never} size="sm">{personName(c) || c.email}</Anchor>
          <span className={`${style.dim} cut`}>{[c.title, c.mobilePhone || c.phone].filter(Boolean).join(' · ')}</span>
        </div>
      ))}
      {data && people.length === 0 && <Text size="sm" c="dimmed">{t('customers.nobody')}</Text>}
      {isNew && <NewCustomer kind="contact" given={{ accountId: account.id }} close={() => setNew(false)} done={(id) => navigate({ to: '/contacts/$id', params: { id } })} />}
    </Paper>
  );
}

function Consents({ contact }: { contact: Contact }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { data = [] } = useQuery(consentQuery(contact.id));
  return (
    <Paper withBorder radius="md" p="sm">
      <Title order={3} mb={4}>{t('consent.title')}</Title>
      {data.map((c) => (
        <div key={c.id} className={style.related}>
          <span>{t(`consentChannel.${c.channel}`)} · {c.purpose}</span>
          <Badge size="sm" color={c.state === ConsentState.GIVEN ? 'baton' : 'red'} variant="light" title={`${c.source}, ${format.day(c.saidAt)}`}>{t(`consentState.${c.state}`)}</Badge>
        </div>
      ))}
      {data.length === 0 && <Text size="sm" c="dimmed">{t('consent.none')}</Text>}
    </Paper>
  );
}

function QualityBox({ kind, id }: { kind: Kind; id: string }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { data } = useQuery(qualityQuery(kind, id));
  const confirm = useMutation({
    mutationFn: () => contacts.confirmFields({ type: kind, id }),
    onError: complain,
    onSuccess: () => {
      toast({ title: t('quality.confirmed') });
      client.invalidateQueries({ queryKey: ['quality'] });
    },
  });
  if (!data) return null;
  return (
    <Paper withBorder radius="md" p="sm">
      <Title order={3} mb={6}>{t('quality.title')}</Title>
      <Text size="xs" c="dimmed">{t('quality.complete', { count: data.completenessPercent })}</Text>
      <Progress value={data.completenessPercent} size="sm" mb={6} aria-label={t('quality.title')} />
      {data.problems.map((p, i) => <Text key={i} size="xs" c={p.severity === Severity.ERROR ? 'var(--late)' : 'var(--amber)'}>{p.kind === ProblemKind.MISSING ? t('quality.missing', { field: t(`field.${p.field.split('.')[0].replace(/_(.)/g, (_, c: string) => c.toUpperCase())}`, p.field) }) : p.message}</Text>)}
      <Button mt="xs" size="compact-xs" variant="light" loading={confirm.isPending} onClick={() => confirm.mutate()}>{t('quality.confirm')}</Button>
    </Paper>
  );
}

function Next({ kind, id }: { kind: Kind; id: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { data } = useInfiniteQuery(timelineQuery(kind, id));
  const first = data?.pages[0];
  const { data: activity } = useQuery(recordQuery('activity', first?.nextActivityId ?? ''));
  if (!first) return null;
  return (
    <Alert variant="light" color={first.nextActivityId ? 'baton' : 'yellow'} p="sm" title={t('customers.next')}>
      <Text size="sm">{activity ? `${activity.subject}, ${format.moment(first.nextActivityAt)}` : t('customers.nothingNext')}</Text>
    </Alert>
  );
}

function Middle({ kind, record, tab, setTab }: { kind: Kind; record: Customer; tab: Tab; setTab: (tab: Tab) => void }) {
  const { t } = useTranslation();
  return (
    <>
      <Composer kind={kind} record={record} />
      <Tabs value={tab} onChange={(v) => setTab(v as Tab)} keepMounted={false}>
        <Tabs.List mb="sm">{TABS.map((k) => <Tabs.Tab key={k} value={k}>{t(`customers.tab.${k}`)}</Tabs.Tab>)}</Tabs.List>
        <Tabs.Panel value="timeline"><Timeline kind={kind} id={record.id} /></Tabs.Panel>
        <Tabs.Panel value="activities"><Activities kind={kind} id={record.id} /></Tabs.Panel>
        <Tabs.Panel value="notes"><Notes kind={kind} id={record.id} /></Tabs.Panel>
        <Tabs.Panel value="history"><History kind={kind} id={record.id} /></Tabs.Panel>
      </Tabs>
    </>
  );
}

function Right({ kind, record }: { kind: Kind; record: Customer }) {
  return (
    <Stack gap="sm">
      <Next kind={kind} id={record.id} />
      {kind === 'account' ? <People account={record} /> : <Consents contact={record as Contact} />}
      {kind === 'account' && !record.mergedIntoId && <Paper withBorder radius="md" p="sm"><Plans of={{ accountId: record.id }} /></Paper>}
      <QualityBox kind={kind} id={record.id} />
    </Stack>
  );
}

function Head({ kind, record }: { kind: Kind; record: Customer }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const remove = useDelete(kind);
  const { path, name } = KINDS[kind];
  return (
    <header className={style.head}>
      <ActionIcon component={Link} to={path} variant="subtle" color="gray" aria-label={t(`kinds.${kind}`)}><Icon name="left" /></ActionIcon>
      <div style={{ flex: 1, minWidth: 0 }}>
        <Title order={1} className="cut">{name(record)}</Title>
        <Group gap="xs">
          {'type' in record && <Value field={{ name: 'type', kind: 'type' }} value={record.type} />}
          {'accountId' in record && record.accountId && <span className={style.dim}><Value field={{ name: 'accountId', kind: 'account' }} value={record.accountId} /></span>}
          {record.ownerId && <span className={style.dim}><PersonName id={record.ownerId} /></span>}
          {'isKeyAccount' in record && record.isKeyAccount && <Anchor component={Link} to="/accounts/$id/key" params={{ id: record.id } as never} size="sm">{t('keyAccount.link')}</Anchor>}
        </Group>
      </div>
      <Menu position="bottom-end">
        <Menu.Target><ActionIcon variant="subtle" color="gray" aria-label={t('customers.menu')}><Icon name="more" /></ActionIcon></Menu.Target>
        <Menu.Dropdown>
          <Menu.Item component="a" href={`/v1/${kind}s/${record.id}.vcf`} download>{t('customers.vcard')}</Menu.Item>
          <Menu.Item color="red" leftSection={<Icon name="trash" size={15} />} onClick={async () => {
            await navigate({ to: path });
            remove.mutate({ id: record.id });
          }}>{t('delete')}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </header>
  );
}

export function CustomerPage({ kind, id }: { kind: Kind; id: string }) {
  const { t } = useTranslation();
  const isPhone = usePhone();
  const { data, error, refetch } = useQuery(recordQuery(kind, id));
  const [tab, setTab] = useState<Tab>('timeline');
  const [part, setPart] = useState('middle');
  const record = data as Customer | null | undefined;
  useEffect(() => {
    if (record) document.title = `${KINDS[kind].name(record)} · Baton`;
  }, [record, kind]);
  if (error && !record) return <Trouble error={error} again={refetch} />;
  if (record === null) return <Empty icon="search" title={t('notFound')} text={t('notFoundText')} />;
  if (!record) return <Stack p="lg" aria-busy="true"><Skeleton height={40} width={300} /><Skeleton height={300} /></Stack>;
  const merged = record.mergedIntoId && <Alert color="yellow" m="sm"><Anchor component={Link} to={kind === 'account' ? '/accounts/$id' : '/contacts/$id'} params={{ id: record.mergedIntoId } as never}>{t('customers.merged')}</Anchor></Alert>;
  const facts = <><Reach of={record} /><CustomerFacts key={record.id} kind={kind} record={record} /></>;
  if (isPhone) {
    return (
      <div className={style.pagePhone}>
        <Head kind={kind} record={record} />
        {merged}
        <SegmentedControl fullWidth m="sm" aria-label={t('customers.parts')} value={part} onChange={setPart} data={['middle', 'facts', 'right'].map((p) => ({ value: p, label: t(`customers.part.${p}`) }))} />
        <div className={style.part}>{part === 'facts' ? facts : part === 'right' ? <Right kind={kind} record={record} /> : <Middle kind={kind} record={record} tab={tab} setTab={setTab} />}</div>
      </div>
    );
  }
  return (
    <div className={style.page}>
      <Head kind={kind} record={record} />
      {merged}
      <div className={style.zones}>
        <section className={style.zone} aria-label={t('customers.part.facts')}>{facts}</section>
        <section className={style.zone} aria-label={t('customers.part.middle')}><Middle kind={kind} record={record} tab={tab} setTab={setTab} /></section>
        <section className={style.zone} aria-label={t('customers.part.right')}><Right kind={kind} record={record} /></section>
      </div>
    </div>
  );
}
