// A table of a few columns; on a phone each row stands by itself, and its cells say what they are.
import { Table } from '@mantine/core';
import type { CSSProperties, ReactNode } from 'react';
import style from './ui.module.css';

interface RowsProps {
  label: string;
  heads: string[];
  minWidth: number;
  children: ReactNode;
}

export function Rows({ label, heads, minWidth, children }: RowsProps) {
  const said = Object.fromEntries(heads.map((head, i) => [`--head-${i + 1}`, JSON.stringify(head)])) as CSSProperties;
  return (
    <Table.ScrollContainer minWidth={minWidth} type="native" tabIndex={0} role="group" aria-label={label} className={style.rows} style={said}>
      <Table verticalSpacing={6}>
        <Table.Thead><Table.Tr>{heads.map((head) => <Table.Th key={head} scope="col">{head}</Table.Th>)}</Table.Tr></Table.Thead>
        <Table.Tbody>{children}</Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
