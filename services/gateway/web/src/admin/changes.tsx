// Who changed what, when, from what to what: of whatever record an administrator asks for.
import { Group, Select, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from '../i18n/words';
import { listAll } from '../api/records';
import { History } from '../customers/history';
import { Trouble } from '../ui/trouble';
import { AUDITED, type Audited, nameOf } from './logic';
import style from './admin.module.css';

export function Changes() {
  const { t } = useTranslation();
  const [kind, setKind] = useState<Audited>('user');
  const [id, setId] = useState<string | null>(null);
  const { data, error, refetch } = useQuery({ queryKey: ['audited', kind], queryFn: ({ signal }) => listAll(kind, signal) });
  const rows = (data?.found ?? []).map((r) => ({ value: r.id, label: nameOf(r) })).sort((a, b) => a.label.localeCompare(b.label));
  const shown = id ?? (rows.length === 1 ? rows[0].value : null);
  const choose = (next: string | null) => {
    setKind((next ?? 'user') as Audited);
    setId(null);
  };
  return (
    <>
      <Group mb="md" align="end">
        <Select size="xs" label={t('admin.auditKind')} allowDeselect={false} data={AUDITED.map((k) => ({ value: k, label: t(`admin.audited.${k}`) }))} value={kind} onChange={choose} />
        <Select size="xs" w={280} key={kind} label={t('admin.auditOf')} searchable limit={100} data={rows} value={shown} onChange={setId} />
      </Group>
      {error && <Trouble error={error} again={refetch} />}
      {data?.isCut && <Text size="xs" c="dimmed">{t('customers.cut')}</Text>}
      {shown ? <div className={style.part}><History key={shown} kind={kind} id={shown} /></div> : <Text size="sm" c="dimmed">{t('admin.auditText')}</Text>}
    </>
  );
}
