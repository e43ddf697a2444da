// One figure: how many, how much, how long, against before; it opens the records behind it.
import { useTranslation } from '../i18n/words';
import type { Measure, MeasureValue } from '../gen/baton/v1/analysis_pb';
import { useFormat } from '../i18n/format';
import { useMoney } from '../i18n/money';
import { changeOf, hasHours, hasShare } from './logic';
import style from './dashboards.module.css';

const HOURS_A_DAY = 24;
const LONG_H = 48;

export function useFigureText() {
  const { t } = useTranslation();
  const format = useFormat();
  const money = useMoney();
  const hours = (n: bigint) => (n < 1n ? t('dashboards.hour') : n >= LONG_H ? t('dashboards.days', { count: Math.round(Number(n) / HOURS_A_DAY) }) : t('dashboards.hours', { count: Number(n) }));
  return {
    // With its unit: "12 deals", "50 %".
    main: (v: MeasureValue | undefined, of?: Measure) => {
      if (of?.unit === 'per mille') return hasShare(v) ? `${format.number((v?.permille ?? 0) / 10)} %` : '–';
      return t(`dashboards.unit.${of?.unit ?? 'deals'}`, { count: Number(v?.count ?? 0n), text: format.number(v?.count ?? 0n) });
    },
    more: (v: MeasureValue | undefined, of?: Measure) => [
      ...(of?.unit === 'per mille' ? [t('dashboards.ofDeals', { text: format.number(v?.count ?? 0n) })] : []),
      ...(v?.amounts ?? []).filter((a) => a.minorUnits !== 0n).map((a) => money.short(a)),
      ...(hasHours(v) ? [t('dashboards.median', { text: hours(v?.medianHours ?? 0n) })] : []),
    ].join(' · '),
  };
}

export function Change({ now, before, of }: { now?: MeasureValue; before?: MeasureValue; of?: Measure }) {
  const { t } = useTranslation();
  const isShare = of?.unit === 'per mille';
  if (!before || (isShare && !(hasShare(before) && hasShare(now)))) return null;
  const points = isShare ? Math.round(((now?.permille ?? 0) - before.permille) / 10) : undefined;
  const percent = points ?? changeOf(Number(now?.count ?? 0n), Number(before.count));
  if (percent === undefined) return null;
  const sign = percent > 0 ? '+' : '';
  return <span className={style.change}>{t(isShare ? 'dashboards.points' : 'dashboards.percent', { text: `${sign}${percent}` })}</span>;
}

interface FigureProps {
  value?: MeasureValue;
  before?: MeasureValue;
  measure?: Measure;
  label: string;
  open: () => void;
  isBig?: boolean;
}

export function Figure({ value, before, measure, label, open, isBig }: FigureProps) {
  const text = useFigureText();
  const more = text.more(value, measure);
  return (
    <button type="button" className={style.figure} data-big={isBig || undefined} onClick={open}>
      <span className="sr">{label}: </span>
      <b className="num">{text.main(value, measure)}</b>
      {more && <span className={style.dim}>{more}</span>}
      <Change now={value} before={before} of={measure} />
    </button>
  );
}
