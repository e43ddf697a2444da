// Dashboards: for whoever sells, for their managers, for headquarters; every figure opens the records behind it.
import { Group, Select, Skeleton, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from '../i18n/words';
import { PersonInput } from '../customers/value';
import { useCommands } from '../shell/commands';
import { useMe } from '../shell/me';
import { Empty } from '../ui/empty';
import { PeekFrame } from '../ui/peek';
import { Trouble } from '../ui/trouble';
import { BehindPeek } from './behind';
import { boardsQuery } from './data';
import { inOrder } from './logic';
import { type Behind, Widget } from './widget';
import style from './dashboards.module.css';

export function DashboardsPage() {
  const { t } = useTranslation();
  const me = useMe();
  const search = useSearch({ from: '/dashboards' });
  const navigate = useNavigate({ from: '/dashboards' });
  const { data, error, refetch } = useQuery(boardsQuery);
  const [behind, setBehind] = useState<Behind>();
  const boards = inOrder(data ?? [], me.user);
  const board = boards.find((b) => b.id === search.board) ?? boards[0];
  const titleOf = (title: string) => t(`dashboards.first.${title}`, { defaultValue: title });
  const show = (id: string) => navigate({ search: (s) => ({ ...s, board: id }), replace: true });
  useCommands(boards.slice(0, 9).map((b, i) => ({ id: `board.${b.id}`, group: t('nav.dashboards'), label: titleOf(b.title), keys: String(i + 1), run: () => show(b.id) })));
  return (
    <PeekFrame peek={behind && <BehindPeek key={JSON.stringify([behind.title, behind.asked.keys])} behind={behind} close={() => setBehind(undefined)} />}>
      <div className={style.page}>
        <header className={style.head}>
          <Title order={1}>{board ? titleOf(board.title) : t('nav.dashboards')}</Title>
          <Group gap="xs">
            {boards.length > 1 && <Select size="xs" aria-label={t('dashboards.which')} allowDeselect={false} value={board?.id ?? null} data={boards.map((b) => ({ value: b.id, label: titleOf(b.title) }))} onChange={(id) => id && show(id)} />}
            {me.isLead && <PersonInput size="xs" placeholder={t('dashboards.whose')} value={search.user ?? ''} onChange={(user) => navigate({ search: (s) => ({ ...s, user: user || undefined }), replace: true })} />}
          </Group>
        </header>
        {error && <Trouble error={error} again={refetch} />}
        {!data && !error && <Skeleton height={300} radius="md" />}
        {data && !board && <Empty icon="forecast" title={t('dashboards.noBoards')} />}
        {board && <div className={style.widgets}>{board.widgets.map((w, i) => <Widget key={`${board.id}${i}`} widget={w} user={search.user} open={setBehind} />)}</div>}
      </div>
    </PeekFrame>
  );
}
