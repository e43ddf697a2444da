// How much time is left, as a ring that empties and in figures.
import { useSyncExternalStore } from 'react';
import { useTranslation } from '../i18n/words';
import { serverNow } from '../api/clock';
import type { Lead } from '../gen/baton/v1/leads_pb';
import { countdown, remaining } from './logic';
import style from './leads.module.css';

const TICK_MS = 500;
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
let tick = 0;

// One clock for all rings there are.
function subscribe(listener: () => void) {
  listeners.add(listener);
  timer ??= setInterval(() => {
    tick++;
    for (const l of listeners) l();
  }, TICK_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

export function Ring({ lead, since }: { lead: Lead; since?: number }) {
  const { t } = useTranslation();
  useSyncExternalStore(subscribe, () => tick);
  const c = countdown(lead, serverNow(), since);
  if (!c) return <span className={style.noRing}>{t(`leadStatus.${lead.status}`)}</span>;
  const text = remaining(c.left);
  return (
    <span className={style.ring} data-state={c.state} role="timer" aria-label={c.left > 0 ? t('leads.left', { time: text }) : t('leads.over')}>
      <svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true">
        <circle cx="10" cy="10" r="8" /><circle cx="10" cy="10" r="8" pathLength={100} strokeDashoffset={100 - 100 * c.part} />
      </svg>
      <span className="num">{text}</span>
    </span>
  );
}
