// What was thought of a deal over time, drawn; the same stands as a table below it.
import 'uplot/dist/uPlot.min.css';
import { useMantineColorScheme } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { useTranslation } from '../i18n/words';
import UPlot from 'uplot';
import type { Estimate } from '../gen/baton/v1/opportunities_pb';
import { amountOf, majorOf, useMoney } from '../i18n/money';
import { localeOf } from '../i18n/format';

const HEIGHT = 170;
const SHORT_S = 2 * 86_400; // days say nothing there

// Ends today: what was thought last is thought still.
function pointsOf(estimates: Estimate[], now: number): UPlot.AlignedData {
  const worth = (e: Estimate) => (e.amount && !e.deleted ? majorOf(e.amount) : null);
  const all = [...estimates.map((e) => ({ at: Number(e.atUs) / 1e6, e })), ...estimates.slice(-1).map((e) => ({ at: now / 1000, e }))];
  const weighted = (e: Estimate) => {
    const major = worth(e);
    return major === null ? null : (major * e.probability) / 100;
  };
  return [all.map((p) => p.at), all.map((p) => worth(p.e)), all.map((p) => weighted(p.e))];
}

export function Chart({ estimates, now }: { estimates: Estimate[]; now: number }) {
  const { t, i18n } = useTranslation();
  const money = useMoney();
  const { colorScheme } = useMantineColorScheme();
  const box = useRef<HTMLDivElement>(null);
  const currencyCode = estimates.findLast((e) => e.amount)?.amount?.currencyCode ?? '';
  useEffect(() => {
    const host = box.current;
    if (!host) return undefined;
    const css = getComputedStyle(host);
    const [ink, line, main] = ['--mantine-color-dimmed', '--line', '--mantine-primary-color-filled'].map((name) => css.getPropertyValue(name).trim());
    const stepped = UPlot.paths.stepped?.({ align: 1 });
    const points = pointsOf(estimates, now);
    const span = (points[0]?.at(-1) ?? 0) - (points[0]?.[0] ?? 0);
    const tick = new Intl.DateTimeFormat(localeOf(i18n.language, navigator.languages), span < SHORT_S ? { hour: '2-digit', minute: '2-digit' } : { day: 'numeric', month: 'short' });
    const short = (major: number) => money.short(amountOf(currencyCode, major));
    const axis = { stroke: ink, grid: { stroke: line, width: 1 }, ticks: { stroke: line, width: 1 }, font: '11px system-ui' };
    const plot = new UPlot({
      width: host.clientWidth, height: HEIGHT, legend: { show: false }, cursor: { show: false },
      axes: [{ ...axis, values: (_, ticks) => ticks.map((at) => tick.format(at * 1000)), space: 70 }, { ...axis, size: 62, values: (_, ticks) => ticks.map(short) }],
      scales: { y: { range: (_, __, most) => [0, (most || 1) * 1.1] } },
      series: [{}, { label: t('deals.field.amount'), stroke: ink, width: 1.5, dash: [4, 3], paths: stepped, points: { show: false } },
        { label: t('deals.weighted'), stroke: main, fill: `${main}22`, width: 2, paths: stepped, points: { show: false } }],
    }, points, host);
    const watch = new ResizeObserver(() => plot.setSize({ width: host.clientWidth, height: HEIGHT }));
    watch.observe(host);
    return () => {
      watch.disconnect();
      plot.destroy();
    };
  }, [estimates, now, i18n.language, colorScheme, currencyCode, money, t]);
  return <div ref={box} role="img" aria-label={t('deals.chart')} style={{ height: HEIGHT }} />;
}
