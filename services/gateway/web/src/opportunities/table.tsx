// The columns of the pipeline as a table.
import { useMemo, type ReactNode } from 'react';
import { useTranslation } from '../i18n/words';
import { serverNow } from '../api/clock';
import type { Opportunity, Pipeline } from '../gen/baton/v1/opportunities_pb';
import { useFormat } from '../i18n/format';
import { useMoney } from '../i18n/money';
import type { Column } from '../ui/table';
import { AccountName, Dot } from './card';
import { daysInStage, msOfDay } from './logic';
import type { Sort } from './search';
import style from './opportunities.module.css';

interface Columns {
  pipeline: Pipeline;
  whoIs: (id: string) => string;
  sort?: Sort;
  sortBy: (sort: Sort | undefined) => void;
}

export function useDealColumns({ pipeline, whoIs, sort = 'close', sortBy }: Columns): Column<Opportunity>[] {
  const { t } = useTranslation();
  const format = useFormat();
  const money = useMoney();
  return useMemo(() => {
    const stage = (deal: Opportunity) => pipeline.stages.find((s) => s.key === deal.stageKey);
    const column = (id: string, width: number, cell: (deal: Opportunity) => ReactNode, by?: Sort): Column<Opportunity> => ({
      id, width, cell, header: t(`deals.column.${id}`), grows: id === 'name' || id === 'account',
      ...(by ? { isSorted: sort === by, sort: () => sortBy(by === 'close' ? undefined : by) } : {}),
    });
    return [
      column('name', 180, (d) => <span className={style.cardName}><Dot deal={d} stage={stage(d)} /><span className="cut">{d.name}</span></span>, 'name'),
      column('account', 140, (d) => (d.accountId ? <AccountName id={d.accountId} /> : '')),
      column('stage', 130, (d) => stage(d)?.name ?? d.stageKey, 'stage'),
      column('amount', 110, (d) => <span className="num">{money.full(d.amount)}</span>, 'amount'),
      column('probability', 90, (d) => <span className="num">{d.probability} %</span>, 'probability'),
      column('close', 100, (d) => (d.closeDate ? format.day(msOfDay(d.closeDate)) : ''), 'close'),
      column('owner', 110, (d) => whoIs(d.ownerId), 'owner'),
      column('days', 90, (d) => t('deals.days', { count: daysInStage(d, serverNow()) }), 'days'),
      column('next', 140, (d) => <span className={style.dim}>{d.nextStep}</span>),
    ];
  }, [t, format, money, pipeline, whoIs, sort]);
}
