// One deal: where it stands, the facts, what was thought of it, what was noted. Beside the board, or as a page of its own.
import { Alert, Button, Group, Skeleton, Title, UnstyledButton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useTranslation } from '../i18n/words';
import { serverNow } from '../api/clock';
import { useAccountName } from '../customers/data';
import { type Opportunity, type Pipeline, StageKind } from '../gen/baton/v1/opportunities_pb';
import { useCommands } from '../shell/commands';
import { Empty } from '../ui/empty';
import { Icon } from '../ui/icons';
import { Plans } from '../plans/section';
import { Quotes } from '../quotes/section';
import { Peek } from '../ui/peek';
import { Trouble } from '../ui/trouble';
import { type Acts, useActs } from './acts';
import { dealQuery, pipelinesQuery } from './data';
import { Estimates } from './estimates';
import { DealFacts } from './facts';
import { attentionOf, isOpen, isUrgent, kindOf } from './logic';
import { Notes } from './notes';
import style from './opportunities.module.css';

interface DealProps {
  deal: Opportunity;
  pipeline?: Pipeline;
  acts: Acts;
}

const stageOf = ({ deal, pipeline }: Omit<DealProps, 'acts'>) => pipeline?.stages.find((s) => s.key === deal.stageKey);

function Stages({ deal, pipeline, acts }: DealProps) {
  const { t } = useTranslation();
  const at = pipeline?.stages.findIndex((s) => s.key === deal.stageKey) ?? -1;
  const stages = pipeline?.stages.filter((s) => (kindOf(s) === StageKind.OPEN && !s.retired) || s.key === deal.stageKey) ?? [];
  return (
    <nav className={style.stages} aria-label={t('deals.stages')}>
      {stages.map((stage) => (
        <UnstyledButton key={stage.key} className={style.stage} title={stage.name} aria-label={stage.name} aria-current={stage.key === deal.stageKey ? 'step' : undefined}
          data-kind={StageKind[kindOf(stage)]} data-past={(pipeline?.stages.indexOf(stage) ?? 0) < at || undefined} onClick={() => acts.move(deal, stage)} />
      ))}
    </nav>
  );
}

function Top(props: DealProps) {
  const { t } = useTranslation();
  const stage = stageOf(props);
  const attention = attentionOf(props.deal, stage, serverNow());
  return (
    <>
      <Stages {...props} />
      <div className={style.stageName}>{stage?.name} <span className={style.dim}>{props.deal.probability} %</span></div>
      {attention && <Alert p="xs" mb="sm" color={isUrgent(attention) ? 'red' : 'yellow'} variant="light">{t(`deals.attention.${attention}`, { count: stage?.idleDays })}</Alert>}
    </>
  );
}

function Buttons({ deal, acts }: DealProps) {
  const { t } = useTranslation();
  return (
    <Group gap="xs" wrap="nowrap">
      <Button flex={1} variant={isOpen(deal) ? 'filled' : 'default'} onClick={() => acts.askWhere(deal)} rightSection={<kbd>M</kbd>}>{t(isOpen(deal) ? 'deals.move' : 'deals.reopen')}</Button>
      {isOpen(deal) && <Button variant="default" onClick={() => acts.close(deal, StageKind.WON)}>{t('deals.won')}</Button>}
      {isOpen(deal) && <Button variant="default" onClick={() => acts.close(deal, StageKind.LOST)}>{t('deals.lost')}</Button>}
    </Group>
  );
}

export function DealPeek({ id, known, acts, close, open }: { id: string; known?: Opportunity; acts: Acts; close: () => void; open: () => void }) {
  const { t } = useTranslation();
  const { data: pipelines = [] } = useQuery(pipelinesQuery);
  const { data, error, refetch } = useQuery(dealQuery(id));
  const deal = known ?? data ?? undefined;
  const account = useAccountName(deal?.accountId ?? '');
  if (!deal) {
    return (
      <Peek title={t('kind.opportunity')} label={t('kind.opportunity')} close={close}>
        {error && <Trouble error={error} again={refetch} />}
        {data === null && <Empty icon="search" title={t('notFound')} text={t('deals.gone')} />}
        {data === undefined && !error && <Skeleton height={240} radius="md" />}
      </Peek>
    );
  }
  const parts = { deal, acts, pipeline: pipelines.find((p) => p.id === deal.pipelineId) };
  return (
    <Peek title={deal.name} sub={account} label={t('kind.opportunity')} close={close} open={open} foot={<Buttons {...parts} />}>
      <Top {...parts} />
      <DealFacts key={deal.id} deal={deal} acts={acts} />
      <Quotes key={`${deal.id}q`} deal={deal} />
      <Plans key={`${deal.id}p`} of={{ opportunityId: deal.id }} />
      <Notes key={`${deal.id}n`} deal={deal} />
      <Estimates deal={deal} pipelines={pipelines} />
    </Peek>
  );
}

function Page({ deal, pipelines, acts }: { deal: Opportunity; pipelines: Pipeline[]; acts: Acts }) {
  const { t } = useTranslation();
  const account = useAccountName(deal.accountId);
  const parts = { deal, acts, pipeline: pipelines.find((p) => p.id === deal.pipelineId) };
  useCommands([{ id: 'deal.move', group: t('nav.pipeline'), label: t('deals.moveName', { name: deal.name }), keys: 'm', icon: <Icon name="right" />, run: () => acts.askWhere(deal) }]);
  return (
    <div className={style.deal}>
      <header className={style.dealHead}>
        <div style={{ flex: 1, minWidth: 0 }}>
          <Link to="/pipeline" search={{ pipeline: deal.pipelineId }} className={style.back}><Icon name="left" size={14} />{parts.pipeline?.name ?? t('nav.pipeline')}</Link>
          <Title order={1}>{deal.name}</Title>
          {account && <div className={style.dim}>{account}</div>}
        </div>
        <div className={style.dealActs}><Buttons {...parts} /></div>
      </header>
      <div className={style.dealBody}>
        <div><Top {...parts} /><DealFacts deal={deal} acts={acts} /></div>
        <div><Quotes deal={deal} /><Plans of={{ opportunityId: deal.id }} /><Estimates deal={deal} pipelines={pipelines} /><Notes deal={deal} /></div>
      </div>
    </div>
  );
}

export function DealPage() {
  const { t } = useTranslation();
  const { id } = useParams({ from: '/pipeline/$id' });
  const { data: pipelines = [] } = useQuery(pipelinesQuery);
  const { data: deal, error, refetch } = useQuery({ ...dealQuery(id), refetchInterval: 10_000 });
  const { acts, dialogs } = useActs(pipelines);
  if (error) return <Trouble error={error} again={refetch} />;
  if (deal === null) return <Empty icon="search" title={t('notFound')} text={t('deals.gone')}><Button component={Link} to="/pipeline" variant="light">{t('nav.pipeline')}</Button></Empty>;
  if (!deal) return <div className={style.deal} aria-busy="true"><Skeleton height={320} radius="md" /></div>;
  return <><Page deal={deal} pipelines={pipelines} acts={acts} />{dialogs}</>;
}
