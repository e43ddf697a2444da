// The newest leads, as if they came in now: whose they would be by the rules in force and by those that are edited.
import { Button, Progress } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { saidOf } from '../i18n';
import { useTranslation } from '../i18n/words';
import { peopleQuery } from '../api/people';
import type { Policy } from '../gen/baton/v1/leads_pb';
import { complain } from '../ui/toast';
import { tryOut } from './data';
import { type Load, loadsOf } from './logic';
import style from './routing.module.css';

const SHOWN = 30;

// For each person two bars: what they have, and what they would have.
export function Loads({ loads, label }: { loads: Load[]; label: string }) {
  const { t } = useTranslation();
  const { data: people } = useQuery(peopleQuery);
  const most = Math.max(1, ...loads.flatMap((l) => [l.now, l.then]));
  return (
    <ul className={style.loads} aria-label={label}>
      {loads.slice(0, SHOWN).map((l) => (
        <li key={l.userId}>
          <span>{people?.get(l.userId)?.name ?? t('somebody')}</span>
          <span className={style.bars} aria-hidden="true"><i style={{ width: `${(100 * l.now) / most}%` }} /><i data-then style={{ width: `${(100 * l.then) / most}%` }} /></span>
          <span className="num">{t('routing.fromTo', { now: l.now, then: l.then })}</span>
        </li>
      ))}
    </ul>
  );
}

export function Trial({ draft, isChanged, isFirst }: { draft: Policy; isChanged: boolean; isFirst: boolean }) {
  const { t } = useTranslation();
  const { data: people } = useQuery(peopleQuery);
  const [done, setDone] = useState(0);
  const run = useMutation({ mutationFn: () => tryOut(draft, isFirst, (n, all) => setDone(Math.round((100 * n) / Math.max(1, all)))), onMutate: () => setDone(0), onError: complain });
  const tried = run.data;
  const others = tried?.filter((one) => one.now !== one.then) ?? [];
  const name = (id: string) => people?.get(id)?.name ?? t('somebody');
  return (
    <section className={style.card} aria-label={t('routing.trial')}>
      <h2 className={style.h}>{t('routing.trial')}</h2>
      <p className={style.dim}>{t('routing.trialText')}</p>
      <Button size="xs" variant="default" loading={run.isPending} onClick={() => run.mutate()}>{t(isChanged ? 'routing.tryDraft' : 'routing.tryNow')}</Button>
      {run.isPending && <Progress value={done} size="sm" mt="sm" aria-label={t('routing.trial')} />}
      {tried && (
        <>
          <p role="status" className={style.result}>{tried.length === 0 ? t('routing.noLeads') : t('routing.others', { count: others.length, all: tried.length })}</p>
          {tried.length > 0 && <p className={style.dim}><i className={style.key} /> {t('routing.now')} <i className={style.key} data-then /> {t('routing.then')}</p>}
          <Loads loads={loadsOf(tried)} label={t('routing.whoWould')} />
          <ul className={style.moves}>
            {others.slice(0, SHOWN).map((one) => (
              <li key={one.id}><Link to="/leads" search={{ lead: one.id }}>{one.name}</Link> <span>{name(one.now)} → <b>{name(one.then)}</b></span><div className={style.dim}>{saidOf(one.why)}</div></li>
            ))}
          </ul>
          {others.length > SHOWN && <p className={style.dim}>{t('andMore', { count: others.length - SHOWN })}</p>}
        </>
      )}
    </section>
  );
}
