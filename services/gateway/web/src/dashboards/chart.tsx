// Months on a line or as bars, with those before; what is drawn stands below it as figures, too.
import 'uplot/dist/uPlot.min.css';
import { useMantineColorScheme } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { useTranslation } from '../i18n/words';
import UPlot from 'uplot';
import { localeOf } from '../i18n/format';

const HEIGHT = 190;
const AXIS = 66;
// As wide as the name of a month is.
const NAME = 36;

interface ChartProps {
  label: string;
  months: string[];
  now: number[];
  before?: number[];
  isBars: boolean;
  // What stands at the axis, with its unit.
  text: (value: number) => string;
}

export function MonthChart({ label, months, now, before, isBars, text }: ChartProps) {
  const { t, i18n } = useTranslation();
  const { colorScheme } = useMantineColorScheme();
  const box = useRef<HTMLDivElement>(null);
  const shape = JSON.stringify([months, now, before]);
  const say = useRef(text);
  say.current = text;
  useEffect(() => {
    const host = box.current;
    if (!host) return undefined;
    const css = getComputedStyle(host);
    const [ink, line, main] = ['--mantine-color-dimmed', '--line', '--mantine-primary-color-filled'].map((name) => css.getPropertyValue(name).trim());
    const name = new Intl.DateTimeFormat(localeOf(i18n.language, navigator.languages), { month: 'short', timeZone: 'UTC' });
    const [all, these, those] = JSON.parse(shape) as [string[], number[], number[] | null];
    const axis = { stroke: ink, grid: { stroke: line, width: 1 }, ticks: { stroke: line, width: 1 }, font: '11px system-ui' };
    const at = all.map((_, i) => i);
    const every = (width: number) => Math.ceil((all.length * NAME) / Math.max(1, width - AXIS));
    const plot = new UPlot({
      width: host.clientWidth, height: HEIGHT, legend: { show: false }, cursor: { show: false },
      axes: [
        { ...axis, grid: { show: false }, splits: () => at, values: (u, ticks) => ticks.map((i) => (all[i] && i % every(u.width) === 0 ? name.format(new Date(`${all[i]}-01T00:00:00Z`)) : '')) },
        { ...axis, size: AXIS, values: (_, ticks) => ticks.map((v) => say.current(v)) },
      ],
      scales: { x: { time: false, range: () => [-0.6, all.length - 0.4] }, y: { range: (_, __, most) => [0, (most || 1) * 1.1] } },
      series: [{},
        { label: t('dashboards.now'), stroke: main, fill: `${main}${isBars ? 'cc' : '22'}`, width: 2, points: { show: !isBars }, ...(isBars ? { paths: UPlot.paths.bars?.({ size: [0.6, 60] }) } : {}) },
        ...(those ? [{ label: t('dashboards.before'), stroke: ink, width: 1.5, dash: [4, 3], points: { show: false } }] : [])],
    }, those ? [at, these, those] : [at, these], host);
    const watch = new ResizeObserver(() => plot.setSize({ width: host.clientWidth, height: HEIGHT }));
    watch.observe(host);
    return () => {
      watch.disconnect();
      plot.destroy();
    };
  }, [shape, isBars, i18n.language, colorScheme, t]);
  return <div ref={box} role="img" aria-label={label} style={{ height: HEIGHT }} />;
}
