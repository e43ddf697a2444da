// The facts of a deal; each is changed where it stands.
import { ActionIcon, Button, Group } from '@mantine/core';
import { type FormEvent, type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from '../i18n/words';
import type { Opportunity } from '../gen/baton/v1/opportunities_pb';
import { useFormat } from '../i18n/format';
import { useCommands } from '../shell/commands';
import { Icon } from '../ui/icons';
import type { Acts } from './acts';
import { type Field, FieldInput, FIELDS, FieldText } from './fields';
import { isOpen } from './logic';
import style from './opportunities.module.css';

const NAMES = (Object.keys(FIELDS) as Field[]).filter((name) => name !== 'name');

interface RowProps {
  deal: Opportunity;
  field: Field;
  isEditing: boolean;
  edit: (field?: Field) => void;
  save: (value: unknown) => void;
}

function Row({ deal, field, isEditing, edit, save }: RowProps) {
  const { t } = useTranslation();
  const label = t(`deals.field.${field}`);
  const [value, setValue] = useState<unknown>(deal[field]);
  const pencil = useRef<HTMLButtonElement>(null);
  const was = useRef(false);
  useEffect(() => {
    if (isEditing) setValue(deal[field]);
    else if (was.current) pencil.current?.focus({ preventScroll: true });
    was.current = isEditing;
  }, [isEditing]);
  const isGiven = deal[field] !== undefined && deal[field] !== '';
  if (!isEditing) {
    return (
      <>
        <dt>{label}</dt>
        <dd className={style.fact}>
          <span>{isGiven ? <FieldText field={field} value={deal[field]} /> : <span className={style.dim}>–</span>}</span>
          <ActionIcon ref={pencil} size="sm" variant="subtle" color="gray" aria-label={t('deals.edit', { field: label })} onClick={() => edit(field)}><Icon name="edit" size={14} /></ActionIcon>
        </dd>
      </>
    );
  }
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save(value);
  };
  const leave = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    edit(undefined);
  };
  return (
    <>
      <dt />
      <dd>
        <form onSubmit={submit} onKeyDown={leave}>
          <FieldInput field={field} label={label} autoFocus value={value} onChange={setValue} />
          <Group gap="xs" mt={6}><Button type="submit" size="compact-sm">{t('save')}</Button><Button size="compact-sm" variant="default" onClick={() => edit(undefined)}>{t('cancel')}</Button></Group>
        </form>
      </dd>
    </>
  );
}

export function DealFacts({ deal, acts }: { deal: Opportunity; acts: Acts }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [editing, setEditing] = useState<Field>();
  // What is closed has its stage's probability.
  const names = NAMES.filter((name) => name !== 'probability' || isOpen(deal));
  useCommands([{ id: 'deal.edit', group: t('nav.pipeline'), label: t('deals.editName', { name: deal.name }), keys: 'e', icon: <Icon name="edit" />, run: () => setEditing('amount') }]);
  const save = (field: Field, value: unknown) => {
    setEditing(undefined);
    acts.edit(deal, { [field]: value });
  };
  return (
    <dl className={style.facts}>
      {names.map((field) => <Row key={field} deal={deal} field={field} isEditing={editing === field} edit={setEditing} save={(value) => save(field, value)} />)}
      <dt>{t('deals.entered')}</dt><dd>{format.moment(deal.stageEnteredAt)}</dd>
      {deal.closedAt && <><dt>{t('deals.closed')}</dt><dd>{format.moment(deal.closedAt)}</dd></>}
      {deal.outcomeReason && <><dt>{t('deals.why')}</dt><dd>{deal.outcomeReason}</dd></>}
      {deal.lostTo && <><dt>{t('deals.lostTo')}</dt><dd>{deal.lostTo}</dd></>}
      {deal.overrideReason && <><dt>{t('deals.override')}</dt><dd>{deal.overrideReason}</dd></>}
    </dl>
  );
}
