// Other rules that decide beside those in force, on what really comes in, until they are published or ended.
import { Button, Group } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from '../i18n/words';
import type { Policy } from '../gen/baton/v1/leads_pb';
import { useFormat } from '../i18n/format';
import { useMe } from '../shell/me';
import { toast } from '../ui/toast';
import { leads, shadowQuery, useRouting } from './data';
import { Loads } from './trial';
import style from './routing.module.css';

export function Shadow({ draft, isChanged }: { draft: Policy; isChanged: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { isAdmin } = useMe();
  const { data } = useQuery(shadowQuery);
  const start = useRouting(async () => {
    const { policy } = await leads.draftPolicy({ policy: draft });
    return leads.shadowPolicy({ version: policy?.version });
  }, () => toast({ title: t('routing.alongStarted') }));
  const end = useRouting(() => leads.endShadow({}), () => toast({ title: t('routing.alongEnded') }));
  const publish = useRouting(async (version: bigint) => {
    const answer = await leads.publishPolicy({ version });
    await leads.endShadow({});
    return answer;
  }, ({ policy }) => toast({ title: t('routing.published', { version: String(policy?.version ?? '') }) }));
  const version = data?.policyVersion ?? 0n;
  if (!version) {
    return isAdmin && isChanged ? (
      <section className={style.card} aria-label={t('routing.along')}>
        <h2 className={style.h}>{t('routing.along')}</h2><p className={style.dim}>{t('routing.alongText')}</p>
        <Button size="xs" variant="default" loading={start.isPending} onClick={() => start.mutate(undefined)}>{t('routing.alongStart')}</Button>
      </section>
    ) : null;
  }
  const loads = (data?.counts ?? []).map((c) => ({ userId: c.userId, now: Number(c.had), then: Number(c.would) }));
  return (
    <section className={style.card} aria-label={t('routing.along')}>
      <h2 className={style.h}>{t('routing.along')}</h2>
      <p className={style.dim}>{t('routing.alongSince', { version: String(version), when: format.moment(data?.startedAt) })}</p>
      <p className={style.result}>{t('routing.alongSame', { same: format.number(data?.same), all: format.number(data?.decisions) })}</p>
      <Loads loads={loads} label={t('routing.whoWould')} />
      {isAdmin && <Group gap="xs" mt="sm"><Button size="xs" loading={publish.isPending} onClick={() => publish.mutate(version)}>{t('routing.alongPublish', { version: String(version) })}</Button>
        <Button size="xs" variant="default" loading={end.isPending} onClick={() => end.mutate(undefined)}>{t('routing.alongEnd')}</Button></Group>}
    </section>
  );
}
