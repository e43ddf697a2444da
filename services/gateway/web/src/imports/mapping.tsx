// What each column is: its name, what stands in it, and what becomes of it.
import { Select, Table as Grid, Text } from '@mantine/core';
import { useCallback } from 'react';
import { useTranslation } from '../i18n/words';
import type { Kind } from '../customers/kinds';
import { usePhone } from '../ui/phone';
import { type Table, targetsOf } from './logic';
import { COMPANY, FULL_NAME } from './words';
import style from './imports.module.css';

const EXAMPLES = 3;

export function useTargetName() {
  const { t } = useTranslation();
  return useCallback((target: string) => {
    if (target === FULL_NAME) return t('imports.fullName');
    if (target === COMPANY) return t('imports.company');
    if (target === 'externalId') return t('imports.externalId');
    const [outer, inner] = target.split('.');
    return inner ? `${t(`field.${outer}`)}: ${t(`field.${inner}`)}` : t(`field.${outer}`);
  }, [t]);
}

function examplesOf(table: Table, at: number): string {
  const found = new Set<string>();
  for (const row of table.rows) {
    const text = row.problem ? '' : (row.cells[at] ?? '').trim();
    if (text) found.add(text);
    if (found.size === EXAMPLES) break;
  }
  return [...found].join(' · ');
}

interface MappingProps {
  table: Table;
  kind: Kind;
  targets: string[];
  choose: (at: number, target: string) => void;
}

export function Mapping({ table, kind, targets, choose }: MappingProps) {
  const { t } = useTranslation();
  const nameOf = useTargetName();
  const isPhone = usePhone();
  const data = [{ value: '', label: t('imports.leftOut') }, ...targetsOf(kind).map((value) => ({ value, label: nameOf(value) }))];
  const pick = (column: string, i: number) => (
    <Select size={isPhone ? 'sm' : 'xs'} searchable allowDeselect={false} aria-label={t('imports.becomes', { column })} data={data} value={targets[i] ?? ''} onChange={(target) => choose(i, target ?? '')} />
  );
  if (isPhone) {
    return (
      <ul className={style.columns} aria-label={t('imports.mapping')}>
        {table.columns.map((column, i) => (
          <li key={`${column}${i}`} data-unused={!targets[i] || undefined}><b>{column}</b><Text size="xs" c="dimmed" truncate>{examplesOf(table, i)}</Text>{pick(column, i)}</li>
        ))}
      </ul>
    );
  }
  return (
    <Grid verticalSpacing={4} className={style.mapping} aria-label={t('imports.mapping')}>
      <Grid.Thead><Grid.Tr>{['column', 'example', 'is'].map((k) => <Grid.Th key={k}>{t(`imports.${k}`)}</Grid.Th>)}</Grid.Tr></Grid.Thead>
      <Grid.Tbody>
        {table.columns.map((column, i) => (
          <Grid.Tr key={`${column}${i}`} data-unused={!targets[i] || undefined}>
            <Grid.Th scope="row">{column}</Grid.Th><Grid.Td><div className={style.example}>{examplesOf(table, i)}</div></Grid.Td><Grid.Td>{pick(column, i)}</Grid.Td>
          </Grid.Tr>
        ))}
      </Grid.Tbody>
    </Grid>
  );
}
