// Why a lead went where it went: each decision in words, with everybody who could have had it.
import { Button, Skeleton, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { saidOf } from '../i18n';
import { useTranslation } from '../i18n/words';
import type { CandidateExplanation, DecisionExplanation, Lead, RuleExplanation } from '../gen/baton/v1/leads_pb';
import { useFormat } from '../i18n/format';
import { Trouble } from '../ui/trouble';
import { explainQuery } from './data';
import style from './leads.module.css';

const FIRST = 12;

function Candidates({ list, owner }: { list: CandidateExplanation[]; owner: string }) {
  const { t } = useTranslation();
  const [isAll, setAll] = useState(false);
  const sorted = [...list].sort((a, b) => Number(b.userId === owner) - Number(a.userId === owner));
  const shown = isAll ? sorted : sorted.slice(0, FIRST);
  return (
    <>
      <ul className={style.people}>
        {shown.map((c) => (
          <li key={c.userId} data-chosen={c.userId === owner || undefined}>
            <b>{c.name || t('somebody')}</b><span>{c.userId === owner ? t('leads.gotIt') : saidOf(c.text)}</span>
          </li>
        ))}
      </ul>
      {shown.length < sorted.length && (
        <Button size="compact-xs" variant="subtle" onClick={() => setAll(true)}>{t('andMore', { count: sorted.length - shown.length })}</Button>
      )}
    </>
  );
}

function RuleRow({ rule, owner }: { rule: RuleExplanation; owner: string }) {
  const { t } = useTranslation();
  return (
    <li data-matched={rule.matched || undefined}>
      <b>{rule.name}</b> {rule.text ? saidOf(rule.text) : t(rule.matched ? 'leads.matched' : 'leads.didNotMatch')}
      {rule.candidates.length > 0 && (
        <>
          <Text size="xs" c="dimmed" mt={4}>{rule.poolName ? t('leads.pool', { name: rule.poolName }) : t('leads.candidates')}{rule.hoursWaived && ` ${t('leads.hoursWaived')}`}</Text>
          <Candidates list={rule.candidates} owner={owner} />
        </>
      )}
    </li>
  );
}

function Decision({ of, isNewest }: { of: DecisionExplanation; isNewest: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <details className={style.decision} open={isNewest}>
      <summary><span>{t(`trigger.${of.decision?.trigger ?? 0}`)}</span><time>{format.moment(of.decision?.decidedAt)}</time></summary>
      <p data-sentence>{saidOf(of.summary)}</p>
      {of.rules.length > 0 && <ol className={style.rules}>{of.rules.map((r, i) => <RuleRow key={i} rule={r} owner={of.decision?.ownerId ?? ''} />)}</ol>}
    </details>
  );
}

export function Explained({ lead }: { lead: Lead }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { data, error, refetch } = useQuery(explainQuery(lead.id, lead.decisionCount));
  const written = data?.acknowledgement;
  return (
    <>
      {written && (
        <section className={style.section}>
          <Title order={3}>{t('leads.written')}</Title>
          <details className={style.decision} data-written>
            <summary><span>{t('leads.writtenTo', { name: written.toName || written.toEmail })}</span><time>{format.moment(lead.acknowledgedAt)}</time></summary>
            <p><b>{written.subject}</b></p>
            <blockquote className={style.message}>{written.body}</blockquote>
          </details>
        </section>
      )}
      <section className={style.section}>
        <Title order={3}>{t('leads.why')}</Title>
        {error && <Trouble error={error} again={refetch} />}
        {!data && !error && <Skeleton height={90} radius="md" />}
        {data && [...data.decisions].reverse().map((d, i) => <Decision key={d.decision?.number ?? i} of={d} isNewest={i === 0} />)}
        {data?.decisions.length === 0 && <Text size="sm" c="dimmed">{lead.statusReason ? saidOf(lead.statusReason) : t('leads.noDecision')}</Text>}
      </section>
    </>
  );
}
