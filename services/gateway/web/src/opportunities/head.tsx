// Above the pipeline: which one, whose deals, how it is looked at, and what it comes to.
import { ActionIcon, Button, Group, SegmentedControl, Select, Title, VisuallyHidden } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from '../i18n/words';
import { peopleQuery } from '../api/people';
import { UserStatus } from '../gen/baton/v1/directory_pb';
import type { Opportunity, Pipeline } from '../gen/baton/v1/opportunities_pb';
import { useFormat } from '../i18n/format';
import { useMoney } from '../i18n/money';
import { useMe } from '../shell/me';
import { Icon } from '../ui/icons';
import { usePhone } from '../ui/phone';
import { type Column, daysInStage, isOpen, sumsOf, sumText } from './logic';
import { type DealSearch, type View, VIEWS } from './search';
import style from './opportunities.module.css';

interface HeadProps {
  pipelines: Pipeline[];
  pipeline: Pipeline;
  owner: string;
  view: View;
  set: (change: DealSearch) => void;
  add: () => void;
}

function Owners({ owner, set }: Pick<HeadProps, 'owner' | 'set'>) {
  const { t } = useTranslation();
  const me = useMe();
  const { data } = useQuery(peopleQuery);
  const others = [...(data?.values() ?? [])].filter((u) => u.status === UserStatus.ACTIVE && u.id !== me.user.id);
  const options = [{ value: 'me', label: t('deals.mine') }, { value: 'all', label: t('deals.everybody') }, ...others.map((u) => ({ value: u.id, label: u.name }))];
  return (
    <Select size="xs" className={style.pick} aria-label={t('deals.whose')} data={options} value={owner} searchable allowDeselect={false} limit={60}
      onChange={(value) => value && set({ owner: value })} />
  );
}

export function Head({ pipelines, pipeline, owner, view, set, add }: HeadProps) {
  const { t } = useTranslation();
  const isPhone = usePhone();
  const views = VIEWS.map((v) => ({ value: v, label: t(`deals.view.${v}`) }));
  return (
    <header className={style.head}>
      {isPhone ? <VisuallyHidden component="h1">{t('nav.pipeline')}</VisuallyHidden> : <Title order={1}>{t('nav.pipeline')}</Title>}
      {pipelines.length > 1 && (
        <Select size="xs" className={style.pick} aria-label={t('deals.pipeline')} data={pipelines.map((p) => ({ value: p.id, label: p.name }))} value={pipeline.id} allowDeselect={false}
          onChange={(id) => id && set({ pipeline: id, stage: undefined })} />
      )}
      <Owners owner={owner} set={set} />
      <Group gap="xs" ml="auto" wrap="nowrap">
        {!isPhone && <SegmentedControl size="xs" aria-label={t('deals.how')} data={views} value={view} onChange={(v) => set({ view: v === 'table' ? 'table' : undefined, stage: undefined })} />}
        {isPhone ? <ActionIcon size="lg" aria-label={t('deals.new')} onClick={add}><Icon name="plus" /></ActionIcon>
          : <Button size="xs" leftSection={<Icon name="plus" size={15} />} onClick={add}>{t('deals.new')}</Button>}
      </Group>
    </header>
  );
}

// Of what is open: what it comes to, and what needs somebody.
// `counted`: where there are more than are listed.
export function Strip({ deals, counted, urgent, isOnlyUrgent, now }: { deals: Opportunity[]; counted?: Pick<Column, 'count' | 'sums'>; urgent: number; isOnlyUrgent: boolean; now: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  const money = useMoney();
  const open = deals.filter(isOpen);
  const { count, sums } = counted ?? { count: open.length, sums: sumsOf(open) };
  const days = open.length > 0 ? Math.round(open.reduce((sum, d) => sum + daysInStage(d, now), 0) / open.length) : 0;
  const figures: [string, string][] = [
    [t('deals.open'), format.number(count)], [t('deals.total'), sumText(sums, money.short) || '–'], [t('deals.weighted'), sumText(sums, money.short, true) || '–'],
    ...(counted ? [] : [[t('deals.average'), t('deals.days', { count: days })] as [string, string]]),
  ];
  return (
    <div className={style.strip}>
      <dl>{figures.map(([label, value]) => <div key={label}><dt>{label}</dt><dd className="num">{value}</dd></div>)}</dl>
      {(urgent > 0 || isOnlyUrgent) && (
        <Link from="/pipeline" to="/pipeline" search={(s) => ({ ...s, attention: isOnlyUrgent ? undefined : true })} className={style.urgent} data-here={isOnlyUrgent || undefined}>
          {t('deals.urgent', { count: urgent })}{isOnlyUrgent && <Icon name="close" size={13} />}
        </Link>
      )}
    </div>
  );
}
