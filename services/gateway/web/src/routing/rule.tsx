// One rule, in words and as it is edited: for which leads, to whom, who comes first, by when.
import { ActionIcon, Button, Checkbox, Group, Modal, MultiSelect, NumberInput, Select, Stack, TagsInput, TextInput } from '@mantine/core';
import { create } from '@bufbuild/protobuf';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from '../i18n/words';
import { peopleQuery } from '../api/people';
import { changedBy } from '../api/records';
import { DeadlineAction, type DeadlineLevel, DeadlineLevelSchema } from '../gen/baton/v1/common_pb';
import { type Condition, ConditionSchema, Filter, Operator, Rank, type Rule } from '../gen/baton/v1/leads_pb';
import { useFormat } from '../i18n/format';
import { Icon } from '../ui/icons';
import { poolsQuery, territoriesQuery } from './data';
import { FIELDS, FILTERS, hasValues, levelsOf, OPERATORS, RANKS } from './logic';
import style from './routing.module.css';

const LEVEL_ACTS = [DeadlineAction.REMIND, DeadlineAction.ESCALATE, DeadlineAction.PASS_ON];
const LEVELS_MOST = 8;
const STEP_MINUTES = 30;

export function useRuleWords() {
  const { t } = useTranslation();
  const format = useFormat();
  const { data: pools } = useQuery(poolsQuery);
  const { data: territories } = useQuery(territoriesQuery);
  const { data: people } = useQuery(peopleQuery);
  const valueOf = (c: Condition, value: string) => (c.field === 'territory' ? (territories?.find((one) => one.id === value)?.name ?? '…') : value);
  const fieldOf = (field: string) => t(`routing.field.${field.replace('.', '_')}`, { defaultValue: field });
  return {
    fieldOf,
    condition: (c: Condition) => t(`routing.says.${c.operator}`, { field: fieldOf(c.field), values: c.values.map((v) => valueOf(c, v)).join(t('routing.or')) }),
    pool: (rule: Rule) => pools?.find((p) => p.id === rule.poolId)?.name ?? '…',
    rest: (rule: Rule) => [
      ...rule.filters.map((f) => (f === Filter.SKILL ? t('routing.withSkills', { skills: format.list(rule.skills) }) : t(`routing.filter.${f}`))),
      ...(rule.ranks.length > 0 ? [t('routing.first', { ranks: rule.ranks.map((r) => t(`routing.rank.${r}`)).join(', ') })] : []),
      ...(rule.preferredUserIds.length > 0 ? [t('routing.preferred', { names: format.list(rule.preferredUserIds.map((id) => people?.get(id)?.name ?? t('somebody'))) })] : []),
      ...(rule.responseMinutes ? [t('routing.within', { count: rule.responseMinutes })] : []),
      ...rule.levels.map((level) => t('routing.level', { count: level.afterMinutes, act: t(`routing.act.${level.action}`) })),
      ...(rule.ignoreSameCustomer ? [t('routing.ignoreSame')] : []),
    ],
  };
}

function ConditionRow({ condition: c, change, remove }: { condition: Condition; change: (c: Condition) => void; remove: () => void }) {
  const { t } = useTranslation();
  const words = useRuleWords();
  const { data: territories = [] } = useQuery(territoriesQuery);
  const fields = [...new Set([...FIELDS, ...(c.field ? [c.field] : [])])];
  const value = { 'aria-label': t('routing.values'), className: style.grows };
  return (
    <Group gap="xs" align="start" className={style.condition}>
      <Select aria-label={t('routing.fieldOf')} searchable allowDeselect={false} className={style.fixed} data={fields.map((f) => ({ value: f, label: words.fieldOf(f) }))} value={c.field}
        onChange={(field) => change(changedBy(c, { field: field ?? '', values: [], operator: Operator.IS }))} />
      <Select aria-label={t('routing.operatorOf')} allowDeselect={false} className={style.fixed} data={(c.field === 'territory' ? [Operator.IS] : OPERATORS).map((o) => ({ value: String(o), label: t(`routing.operator.${o}`) }))}
        value={String(c.operator)} onChange={(o) => change(changedBy(c, { operator: Number(o), ...(hasValues(Number(o)) ? {} : { values: [] }) }))} />
      {hasValues(c.operator) && (c.field === 'territory'
        ? <MultiSelect {...value} searchable data={territories.map((one) => ({ value: one.id, label: one.name }))} value={c.values} onChange={(values) => change(changedBy(c, { values }))} />
        : <TagsInput {...value} value={c.values} onChange={(values) => change(changedBy(c, { values }))} acceptValueOnBlur />)}
      <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t('routing.removeCondition')} onClick={remove}><Icon name="close" size={15} /></ActionIcon>
    </Group>
  );
}

function Conditions({ rule, set }: { rule: Rule; set: (change: Partial<Rule>) => void }) {
  const { t } = useTranslation();
  const list = rule.conditions;
  return (
    <fieldset className={style.fields}>
      <legend>{t('routing.conditions')}</legend>
      {list.length === 0 && <p className={style.dim}>{t('routing.everyLead')}</p>}
      {list.map((c, i) => (
        <ConditionRow key={i} condition={c} change={(next) => set({ conditions: list.map((one, at) => (at === i ? next : one)) })} remove={() => set({ conditions: list.filter((_, at) => at !== i) })} />
      ))}
      <Button size="xs" variant="default" disabled={list.length >= 32} onClick={() => set({ conditions: [...list, create(ConditionSchema, { field: FIELDS[0], operator: Operator.IS })] })}>{t('routing.addCondition')}</Button>
    </fieldset>
  );
}

function People({ rule, set }: { rule: Rule; set: (change: Partial<Rule>) => void }) {
  const { t } = useTranslation();
  const { data: people } = useQuery(peopleQuery);
  const options = [...(people?.values() ?? [])].map((u) => ({ value: u.id, label: u.name }));
  return (
    <>
      <MultiSelect searchable label={t('routing.filters')} data={FILTERS.map((f) => ({ value: String(f), label: t(`routing.filter.${f}`) }))} value={rule.filters.map(String)} onChange={(v) => set({ filters: v.map(Number) })} />
      {(rule.filters.includes(Filter.SKILL) || rule.skills.length > 0) && <TagsInput label={t('routing.skills')} value={rule.skills} onChange={(skills) => set({ skills })} acceptValueOnBlur maxTags={16} />}
      <MultiSelect searchable label={t('routing.ranks')} description={t('routing.ranksText')} data={RANKS.map((r) => ({ value: String(r), label: t(`routing.rank.${r}`) }))} value={rule.ranks.map(String)} onChange={(v) => set({ ranks: v.map(Number) })} />
      {(rule.ranks.includes(Rank.PREFERRED) || rule.preferredUserIds.length > 0) && <MultiSelect label={t('routing.preferredOf')} searchable limit={50} data={options} value={rule.preferredUserIds} onChange={(preferredUserIds) => set({ preferredUserIds })} />}
      {rule.ranks.includes(Rank.SCORE) && <NumberInput label={t('routing.highScore')} min={0} max={1000} allowDecimal={false} value={rule.highScore || ''} placeholder="700" onChange={(n) => set({ highScore: n === '' ? undefined : Number(n) })} />}
    </>
  );
}

// What happens later and later, as long as whoever has the lead does not answer.
function Levels({ rule, set }: { rule: Rule; set: (change: Partial<Rule>) => void }) {
  const { t } = useTranslation();
  const list = rule.levels;
  const put = (at: number, change: Partial<DeadlineLevel>) => set({ levels: list.map((one, i) => (i === at ? changedBy(one, change) : one)) });
  // Passing on ends it: what is added stands before that.
  const add = () => {
    const last = list.at(-1);
    const isOver = last?.action === DeadlineAction.PASS_ON;
    const action = !last ? DeadlineAction.REMIND : isOver ? DeadlineAction.ESCALATE : DeadlineAction.PASS_ON;
    const afterMinutes = (last?.afterMinutes ?? 0) + STEP_MINUTES;
    if (!isOver) return set({ levels: [...list, create(DeadlineLevelSchema, { afterMinutes, action })] });
    set({ levels: [...list.slice(0, -1), create(DeadlineLevelSchema, { afterMinutes: last.afterMinutes, action }), changedBy(last, { afterMinutes })] });
  };
  return (
    <fieldset className={style.fields}>
      <legend>{t('routing.levelsOf')}</legend>
      {list.map((level, i) => (
        <Group key={i} gap="xs" align="start" className={style.condition}>
          <NumberInput aria-label={t('routing.levelAfter', { n: i + 1 })} className={style.fixed} min={1} max={525600} allowDecimal={false} suffix={t('routing.levelMinutes')} value={level.afterMinutes || ''} onChange={(n) => put(i, { afterMinutes: Number(n) })} />
          <Select aria-label={t('routing.levelAct', { n: i + 1 })} className={style.grows} allowDeselect={false} data={LEVEL_ACTS.map((act) => ({ value: String(act), label: t(`routing.act.${act}`) }))} value={String(level.action)}
            onChange={(act) => put(i, { action: Number(act) })} />
          <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t('routing.removeLevel', { n: i + 1 })} onClick={() => set({ levels: list.filter((_, at) => at !== i) })}><Icon name="close" size={15} /></ActionIcon>
        </Group>
      ))}
      <Button size="xs" variant="default" disabled={list.length >= LEVELS_MOST} onClick={add}>{t('routing.addLevel')}</Button>
    </fieldset>
  );
}

export function RuleEdit({ rule: before, title, close, keep }: { rule: Rule; title: string; close: () => void; keep: (rule: Rule) => void }) {
  const { t } = useTranslation();
  const { data: pools = [] } = useQuery(poolsQuery);
  const [rule, setRule] = useState(before);
  const set = (change: Partial<Rule>) => setRule((r) => changedBy(r, change));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!rule.name.trim() || !rule.poolId) return;
    const levels = levelsOf(rule.levels);
    const conditions = rule.conditions.filter((c) => !hasValues(c.operator) || c.values.length > 0);
    keep(changedBy(rule, { name: rule.name.trim(), conditions, levels, ...(levels.length > 0 && { responseMinutes: undefined }) }));
  };
  return (
    <Modal opened onClose={close} size="lg" title={title} closeButtonProps={{ 'aria-label': t('close') }}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <TextInput label={t('field.name')} required withAsterisk={false} maxLength={200} data-autofocus value={rule.name} onChange={(e) => set({ name: e.currentTarget.value })} />
          <Conditions rule={rule} set={set} />
          <Select label={t('routing.pool')} required withAsterisk={false} searchable allowDeselect={false} data={pools.map((p) => ({ value: p.id, label: p.name }))} value={rule.poolId || null} onChange={(poolId) => set({ poolId: poolId ?? '' })}
            description={pools.length === 0 ? t('routing.noPools') : undefined} />
          <People rule={rule} set={set} />
          {rule.levels.length === 0 && <NumberInput label={t('routing.minutes')} description={t('routing.minutesText')} min={1} max={525600} allowDecimal={false} value={rule.responseMinutes || ''} onChange={(n) => set({ responseMinutes: n === '' ? undefined : Number(n) })} />}
          <Levels rule={rule} set={set} />
          <Checkbox label={t('routing.ignoreSame')} checked={rule.ignoreSameCustomer} onChange={(e) => set({ ignoreSameCustomer: e.currentTarget.checked || undefined })} />
          <Group justify="flex-end"><Button variant="default" onClick={close}>{t('cancel')}</Button><Button type="submit" disabled={!rule.name.trim() || !rule.poolId}>{t('routing.keep')}</Button></Group>
        </Stack>
      </form>
    </Modal>
  );
}
