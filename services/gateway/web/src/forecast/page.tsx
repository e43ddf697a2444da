// The forecast of a period: what is won, sure, likely and possible against the quota; by people, as of any day, with what changed.
import { ActionIcon, Button, Group, SegmentedControl, Skeleton, Slider, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from '../i18n/words';
import { serverNow } from '../api/clock';
import type { ForecastSums, GetForecastResponse } from '../gen/baton/v1/forecast_pb';
import { useFormat } from '../i18n/format';
import { useMoney } from '../i18n/money';
import { dayOf, msOfDay } from '../opportunities/logic';
import { useCommands } from '../shell/commands';
import { Empty } from '../ui/empty';
import { Icon } from '../ui/icons';
import { PeekFrame } from '../ui/peek';
import { Trouble } from '../ui/trouble';
import { type Behind, BehindPeek } from './behind';
import { forecastQuery, type Whose } from './data';
import { Expected } from './expected';
import { CATEGORIES, CATEGORY, changedLength, currenciesOf, lengthOf, type Length, stepOf, sumOf } from './logic';
import type { ForecastSearch } from './search';
import { Tree } from './tree';
import { Waterfall } from './waterfall';
import style from './forecast.module.css';

const BACK_DAYS = 180;
const DAY_MS = 86_400_000;
const LENGTHS: Length[] = ['month', 'quarter', 'year'];

// How it stood: to the right is now.
function AsOf({ at, set }: { at?: string; set: (day?: string) => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const today = msOfDay(dayOf(serverNow()));
  const days = at ? Math.round((msOfDay(at) - today) / DAY_MS) : 0;
  const [dragged, setDragged] = useState<number>();
  const shown = dragged ?? days;
  const text = (day: number) => (day === 0 ? t('forecast.now') : format.day(today + day * DAY_MS));
  return (
    <div className={style.asOf}>
      <Text size="sm" component="span">{t('forecast.asOf', { day: text(shown) })}</Text>
      <Slider flex={1} min={-BACK_DAYS} max={0} step={1} value={shown} thumbLabel={t('forecast.slider')} label={text} onChange={setDragged} onChangeEnd={(day) => {
        setDragged(undefined);
        set(day === 0 ? undefined : dayOf(today + day * DAY_MS));
      }} />
      {at && <Button size="compact-xs" variant="default" onClick={() => set(undefined)}>{t('forecast.now')}</Button>}
    </div>
  );
}

function Tiles({ sums, answer, whose, currency, show }: { sums?: ForecastSums; answer: GetForecastResponse; whose: Whose; currency: string; show: (behind: Behind) => void }) {
  const { t } = useTranslation();
  const money = useMoney();
  const text = (minorUnits = 0n) => money.short({ currencyCode: currency, minorUnits });
  const quota = sums?.quota ?? 0n;
  const sure = (sums?.closed ?? 0n) + (sums?.commit ?? 0n);
  return (
    <div className={style.tiles}>
      <div className={style.tile}>
        <span className={style.dim}>{t('forecast.quota')}</span><b className="num">{quota ? text(quota) : '–'}</b>
        {quota > 0n && <span className={style.dim}>{t('forecast.reached', { percent: Math.floor((100 * Number(sure)) / Number(quota)) })}{sums?.coveragePercent ? ` · ${t('forecast.coverage', { times: (sums.coveragePercent / 100).toFixed(1) })}` : ''}</span>}
      </div>
      {CATEGORIES.map((c) => (
        <button key={c} type="button" className={style.tile} data-category={c} onClick={() => show({ what: 'sum', title: t(`forecast.${c}`),
          figure: { whose, isAlone: false, category: CATEGORY[c], currency, firstDay: answer.firstDay, lastDay: answer.lastDay } })}>
          <span className={style.dim}>{t(`forecast.${c}`)}</span><b className="num">{text(sums?.[c])}</b>
        </button>
      ))}
      <div className={style.tile}><span className={style.dim}>{t('forecast.weighted')}</span><b className="num">{text(sums?.weighted)}</b></div>
    </div>
  );
}

function Head({ answer, currencies, currency, set }: { answer: GetForecastResponse; currencies: string[]; currency: string; set: (change: Partial<ForecastSearch>) => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const step = (by: number) => set({ period: stepOf(answer.period, by) });
  useCommands([
    { id: 'forecast.before', group: t('nav.forecast'), label: t('forecast.before'), keys: '[', run: () => step(-1) },
    { id: 'forecast.after', group: t('nav.forecast'), label: t('forecast.after'), keys: ']', run: () => step(1) },
  ]);
  return (
    <header className={style.head}>
      <Title order={1}>{t('nav.forecast')}</Title>
      <Group gap="xs" wrap="nowrap">
        <ActionIcon variant="default" aria-label={t('forecast.before')} onClick={() => step(-1)}><Icon name="left" size={16} /></ActionIcon>
        <span className={style.period}><b>{answer.period}</b><span className={style.dim}>{format.day(msOfDay(answer.firstDay))} – {format.day(msOfDay(answer.lastDay))}</span></span>
        <ActionIcon variant="default" aria-label={t('forecast.after')} onClick={() => step(1)}><Icon name="right" size={16} /></ActionIcon>
      </Group>
      <SegmentedControl size="xs" aria-label={t('forecast.length')} value={lengthOf(answer.period)} data={LENGTHS.map((value) => ({ value, label: t(`forecast.lengths.${value}`) }))}
        onChange={(length) => set({ period: changedLength(answer.period, answer.firstDay, length as Length) })} />
      {currencies.length > 1 && <SegmentedControl size="xs" aria-label={t('deals.currency')} value={currency} data={currencies} onChange={(c) => set({ currency: c })} />}
    </header>
  );
}

export function ForecastPage() {
  const { t } = useTranslation();
  const search = useSearch({ from: '/forecast' });
  const navigate = useNavigate({ from: '/forecast' });
  const set = (change: Partial<ForecastSearch>) => navigate({ search: (s) => ({ ...s, ...change }), replace: true });
  const whose: Whose = { period: search.period, userId: search.user, asOf: search.at };
  const { data: answer, error, refetch } = useQuery(forecastQuery(whose));
  const [behind, setBehind] = useState<Behind>();
  if (error && !answer) return <Trouble error={error} again={refetch} />;
  if (!answer) return <div className={style.page}><Skeleton height={320} radius="md" /></div>;
  const currencies = currenciesOf(answer.total);
  const currency = search.currency && currencies.includes(search.currency) ? search.currency : (currencies[0] ?? '');
  const sums = sumOf(answer.total, currency);
  const of = { ...whose, period: answer.period };
  return (
    <PeekFrame peek={behind && <BehindPeek key={behind.title} behind={behind} close={() => setBehind(undefined)} />}>
      <div className={style.page}>
        <Head answer={answer} currencies={currencies} currency={currency} set={set} />
        <AsOf at={search.at} set={(at) => set({ at })} />
        {error && <Trouble error={error} again={refetch} />}
        {!currency && <Empty icon="forecast" title={t('forecast.nothing')} text={t('forecast.nothingText')} />}
        {currency && (
          <>
            <Tiles sums={sums} answer={answer} whose={of} currency={currency} show={setBehind} />
            <Tree answer={answer} whose={of} currency={currency} show={setBehind} />
            <div className={style.two}>
              <Waterfall whose={of} currency={currency} show={setBehind} />
              {!whose.asOf && <Expected whose={of} currency={currency} quota={sums?.quota ?? 0n} show={setBehind} />}
            </div>
          </>
        )}
      </div>
    </PeekFrame>
  );
}
