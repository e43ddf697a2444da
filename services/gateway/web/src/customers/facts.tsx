// What is known of a customer; each fact is changed where it stands. Who was faster is shown field by field.
import { Button, Group, Modal, Radio, Stack, Table, Text, UnstyledButton } from '@mantine/core';
import { type KeyboardEvent, useState } from 'react';
import { saidOf } from '../i18n';
import { useTranslation } from '../i18n/words';
import { type Edit, useUpdate } from '../api/records';
import { useCommands } from '../shell/commands';
import { Icon } from '../ui/icons';
import { type Customer, type Field, KINDS, type Kind, of } from './kinds';
import { Value, ValueInput } from './value';
import style from './customers.module.css';

// These are said by choosing, the others by leaving the field.
const CHOSEN = ['type', 'person', 'account', 'yes'];

function Fact({ field, value, save }: { field: Field; value: unknown; save: (value: unknown) => void }) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState<{ value: unknown }>();
  const label = t(`field.${field.name}`);
  const end = (next: unknown) => {
    setDraft(undefined);
    if (JSON.stringify(next ?? '', replacer) !== JSON.stringify(value ?? '', replacer)) save(next);
  };
  const press = (event: KeyboardEvent) => {
    if (event.key === 'Escape') {
      event.stopPropagation();
      setDraft(undefined);
    } else if (event.key === 'Enter' && draft && !['address', 'tags', ...CHOSEN].includes(field.kind)) end(draft.value);
  };
  if (!draft) {
    const isSet = !(value === undefined || value === '' || value === 0 || value === 0n || value === false || (Array.isArray(value) && value.length === 0));
    return (
      <div className={style.fact}>
        <dt>{label}</dt>
        <dd className={style.factRow}>
          <span className={isSet ? style.factValue : `${style.factValue} ${style.noFact}`}>{isSet ? <Value field={field} value={value} /> : '–'}</span>
          <UnstyledButton className={style.factButton} data-field={field.name} onClick={() => setDraft({ value })} aria-label={t('customers.change', { field: label })}><Icon name="edit" size={13} /></UnstyledButton>
        </dd>
      </div>
    );
  }
  return (
    <div className={style.fact} onKeyDown={press}>
      <dt>{label}</dt>
      <dd className={style.editing} onBlur={(event) => field.kind === 'text' && !event.currentTarget.contains(event.relatedTarget) && end(draft.value)}>
        <ValueInput field={field} size="xs" autoFocus value={draft.value} onChange={(next) => (CHOSEN.includes(field.kind) ? end(next) : setDraft({ value: next }))} />
        {!CHOSEN.includes(field.kind) && <Group gap={4} mt={4}><Button size="compact-xs" onClick={() => end(draft.value)}>{t('save')}</Button>
          <Button size="compact-xs" variant="subtle" color="gray" onClick={() => setDraft(undefined)}>{t('cancel')}</Button></Group>}
      </dd>
    </div>
  );
}

const replacer = (_: string, value: unknown) => (typeof value === 'bigint' ? String(value) : value);

interface ConflictOf {
  edit: Edit;
  now: Customer;
}

// Two columns: mine and theirs; what is chosen is written over theirs.
function Conflict({ kind, conflict: { edit, now }, close, save }: { kind: Kind; conflict: ConflictOf; close: () => void; save: (edit: Edit) => void }) {
  const { t } = useTranslation();
  const [mine, setMine] = useState<{ [name: string]: boolean }>({});
  const fields = KINDS[kind].fields.filter((f) => f.name in edit.values);
  const chosen = fields.filter((f) => mine[f.name] ?? true);
  const finish = () => {
    if (chosen.length > 0) save({ id: edit.id, revision: now.revision, values: Object.fromEntries(chosen.map((f) => [f.name, edit.values[f.name]])) });
    close();
  };
  return (
    <Modal opened onClose={close} title={t('conflict.title')} size="lg" closeButtonProps={{ 'aria-label': t('close') }}>
      <Text size="sm" c="dimmed" mb="sm">{t('conflict.text')}</Text>
      <Table>
        <Table.Thead><Table.Tr><Table.Th>{t('conflict.field')}</Table.Th><Table.Th>{t('conflict.mine')}</Table.Th><Table.Th>{t('conflict.theirs')}</Table.Th></Table.Tr></Table.Thead>
        <Table.Tbody>
          {fields.map((f) => (
            <Table.Tr key={f.name}>
              <Table.Th scope="row">{t(`field.${f.name}`)}</Table.Th>
              {[true, false].map((isMine) => (
                <Table.Td key={String(isMine)}>
                  <Radio name={f.name} checked={(mine[f.name] ?? true) === isMine} onChange={() => setMine({ ...mine, [f.name]: isMine })}
                    label={<><Value field={f} value={isMine ? edit.values[f.name] : of(now, f.name)} />&#8203;</>} aria-label={`${t(`field.${f.name}`)}: ${t(isMine ? 'conflict.mine' : 'conflict.theirs')}`} />
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Group justify="flex-end" mt="md"><Button variant="default" onClick={close}>{t('conflict.keep')}</Button><Button onClick={finish}>{t('save')}</Button></Group>
    </Modal>
  );
}

export function CustomerFacts({ kind, record }: { kind: Kind; record: Customer }) {
  const { t } = useTranslation();
  const [conflict, setConflict] = useState<ConflictOf>();
  const update = useUpdate(kind, (edit, now) => setConflict({ edit, now: now as Customer }));
  useCommands([{ id: 'edit', group: t(`kinds.${kind}`), label: t('customers.edit'), keys: 'e', icon: <Icon name="edit" />, run: () => document.querySelector<HTMLElement>('[data-field]')?.click() }]);
  return (
    <Stack gap={0}>
      <dl className={style.facts}>
        {KINDS[kind].fields.map((f) => <Fact key={f.name} field={f} value={of(record, f.name)} save={(value) => update.mutate({ id: record.id, revision: record.revision, values: { [f.name]: value } })} />)}
      </dl>
      {record.hints.map((h) => <Text key={h.field + h.message} size="xs" c="var(--amber)">{saidOf(h.message)}</Text>)}
      {conflict && <Conflict kind={kind} conflict={conflict} close={() => setConflict(undefined)} save={(edit) => update.mutate(edit)} />}
    </Stack>
  );
}
