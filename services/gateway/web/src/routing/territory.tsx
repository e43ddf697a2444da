// One territory as it is edited: what it lies in, and what brings leads into it.
import { ActionIcon, Button, Group, Modal, NumberInput, Select, Stack, TagsInput, Textarea, TextInput } from '@mantine/core';
import { create } from '@bufbuild/protobuf';
import { type FormEvent, useState } from 'react';
import { useTranslation } from '../i18n/words';
import { changedBy, records, saveEdit } from '../api/records';
import { PostalRangeSchema, type Territory, TerritoryKind, type TerritoryRule, TerritoryRuleSchema } from '../gen/baton/v1/directory_pb';
import { Icon } from '../ui/icons';
import { useRouting } from './data';
import { rangesOf, rangesText, treeOf } from './logic';
import style from './routing.module.css';

const KINDS = [TerritoryKind.REGION, TerritoryKind.GEOGRAPHY, TerritoryKind.INDUSTRY, TerritoryKind.DEPARTMENT];
const LISTS = ['countries', 'states', 'industries', 'companies'] as const;

function RuleFields({ rule, at, set, remove }: { rule: TerritoryRule; at: number; set: (rule: TerritoryRule) => void; remove: () => void }) {
  const { t } = useTranslation();
  const [codes, setCodes] = useState(() => rangesText(rule.postalCodes));
  return (
    <fieldset className={style.fields}>
      <legend>{t('routing.ruleNumber', { n: at + 1 })} <ActionIcon variant="subtle" color="gray" size="sm" aria-label={t('routing.removeRule', { n: at + 1 })} onClick={remove}><Icon name="close" size={13} /></ActionIcon></legend>
      {LISTS.map((name) => <TagsInput key={name} size="xs" label={t(`routing.list.${name}`)} value={rule[name]} onChange={(list) => set(changedBy(rule, { [name]: list }))} acceptValueOnBlur />)}
      <Textarea size="xs" label={t('routing.list.postalCodes')} description={t('routing.postalText')} autosize minRows={1} maxRows={8} value={codes}
        onChange={(e) => {
          setCodes(e.currentTarget.value);
          set(changedBy(rule, { postalCodes: rangesOf(e.currentTarget.value).map((r) => create(PostalRangeSchema, r)) }));
        }} />
    </fieldset>
  );
}

export function TerritoryEdit({ territory: before, all, close }: { territory: Territory; all: Territory[]; close: () => void }) {
  const { t } = useTranslation();
  const [now, setNow] = useState(before);
  const set = (change: Partial<Territory>) => setNow((one) => changedBy(one, change));
  const save = useRouting(async () => {
    const values = { name: now.name.trim(), kind: now.kind || TerritoryKind.REGION, parentId: now.parentId || undefined, priority: now.priority || undefined, rules: now.rules };
    if (now.id) return saveEdit('territory', { id: now.id, revision: before.revision, values });
    return records.createRecord({ record: { record: { case: 'territory', value: { ...values, ...(now.modelId ? { modelId: now.modelId } : {}) } } } });
  }, close);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (now.name.trim()) save.mutate(undefined);
  };
  const parents = treeOf(all).filter(({ territory }) => territory.id !== now.id).map(({ territory, depth }) => ({ value: territory.id, label: `${'· '.repeat(depth)}${territory.name}` }));
  return (
    <Modal opened onClose={close} title={t(now.id ? 'routing.editTerritory' : 'routing.newTerritory')} closeButtonProps={{ 'aria-label': t('close') }}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <TextInput label={t('field.name')} required withAsterisk={false} maxLength={200} data-autofocus value={now.name} onChange={(e) => set({ name: e.currentTarget.value })} />
          <div className={style.pair}>
            <Select label={t('routing.kindOf')} allowDeselect={false} value={String(now.kind || TerritoryKind.REGION)} data={KINDS.map((k) => ({ value: String(k), label: t(`routing.kind.${k}`) }))} onChange={(k) => set({ kind: Number(k) })} />
            <NumberInput label={t('routing.priority')} min={0} allowDecimal={false} value={now.priority || ''} onChange={(n) => set({ priority: Number(n) || 0 })} />
          </div>
          <Select label={t('routing.parent')} clearable searchable data={parents} value={now.parentId || null} onChange={(id) => set({ parentId: id ?? '' })} />
          {now.rules.map((rule, i) => <RuleFields key={i} rule={rule} at={i} set={(next) => set({ rules: now.rules.map((one, at) => (at === i ? next : one)) })} remove={() => set({ rules: now.rules.filter((_, at) => at !== i) })} />)}
          <Group><Button size="xs" variant="default" onClick={() => set({ rules: [...now.rules, create(TerritoryRuleSchema, {})] })}>{t('routing.addRule')}</Button></Group>
          <Group justify="flex-end"><Button variant="default" onClick={close}>{t('cancel')}</Button><Button type="submit" disabled={!now.name.trim()} loading={save.isPending}>{t('save')}</Button></Group>
        </Stack>
      </form>
    </Modal>
  );
}
