// What is done to all that are selected; it can be taken back.
import { Button, Group, Modal, Stack, TagsInput, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from '../i18n/words';
import { Icon } from '../ui/icons';
import { saveFile } from '../ui/save';
import { useBulk } from './data';
import { type Customer, KINDS, type Kind, of } from './kinds';
import { PersonInput } from './value';
import style from './customers.module.css';

// The cells of a list as a spreadsheet reads them: what a formula could be is text.
export function csvOf(kind: Kind, records: Customer[]): string {
  const fields = KINDS[kind].fields.filter((f) => !['address', 'person', 'account', 'yes', 'type'].includes(f.kind));
  const cell = (value: unknown) => {
    const text = Array.isArray(value) ? value.join('; ') : String(value ?? '');
    return `"${(/^\s*[=+\-@\t\r]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
  };
  const lines = records.map((r) => [r.id, ...fields.map((f) => of(r, f.name))].map(cell).join(','));
  return [['id', ...fields.map((f) => f.name)].map(cell).join(','), ...lines].join('\r\n');
}

export function BulkBar({ kind, records, done }: { kind: Kind; records: Customer[]; done: () => void }) {
  const { t } = useTranslation();
  const bulk = useBulk(kind);
  const [asking, setAsking] = useState<'owner' | 'tags'>();
  const [owner, setOwner] = useState('');
  const [tags, setTags] = useState<string[]>([]);
  const change = (name: string, to: (r: Customer) => unknown) => {
    const before = records.map((r) => ({ id: r.id, values: { [name]: of(r, name) } }));
    bulk.mutate({ edits: records.map((r) => ({ id: r.id, values: { [name]: to(r) } })), before });
    setAsking(undefined);
    done();
  };
  return (
    <Group gap="xs" className={style.bulk} role="toolbar" aria-label={t('customers.bulk')}>
      <Text size="sm" fw={600}>{t('customers.selected', { count: records.length })}</Text>
      <Button size="compact-sm" variant="default" onClick={() => setAsking('owner')}>{t('customers.giveTo')}</Button>
      <Button size="compact-sm" variant="default" onClick={() => setAsking('tags')}>{t('customers.tag')}</Button>
      <Button size="compact-sm" variant="default" onClick={() => saveFile(`${kind}s.csv`, `\ufeff${csvOf(kind, records)}`, 'text/csv')}>{t('customers.asCsv')}</Button>
      <Button size="compact-sm" variant="subtle" color="gray" leftSection={<Icon name="close" size={14} />} onClick={done}>{t('customers.selectNone')}</Button>
      <Modal opened={asking !== undefined} onClose={() => setAsking(undefined)} title={t(asking === 'tags' ? 'customers.tag' : 'customers.giveTo')} closeButtonProps={{ 'aria-label': t('close') }}>
        <Stack>
          {asking === 'owner' && <PersonInput autoFocus label={t('field.ownerId')} value={owner} onChange={setOwner} />}
          {asking === 'tags' && <TagsInput data-autofocus label={t('field.tags')} value={tags} onChange={setTags} />}
          <Button disabled={asking === 'owner' ? !owner : tags.length === 0} onClick={() => (asking === 'owner' ? change('ownerId', () => owner)
            : change('tags', (r) => [...new Set([...r.tags, ...tags])]))}>{t('save')}</Button>
        </Stack>
      </Modal>
    </Group>
  );
}
