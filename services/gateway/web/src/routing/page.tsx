// Routing: by which rules leads find their people, among whom they are shared, and where everybody works.
import { Tabs, Title } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from '../i18n/words';
import { useCommands } from '../shell/commands';
import { Pools } from './pools';
import { Rules } from './rules';
import { type RoutingSearch, type RoutingView, VIEWS } from './search';
import { Territories } from './territories';
import style from './routing.module.css';

export function RoutingPage() {
  const { t } = useTranslation();
  const search = useSearch({ from: '/routing' });
  const navigate = useNavigate({ from: '/routing' });
  const set = (change: Partial<RoutingSearch>) => navigate({ search: (s) => ({ ...s, ...change }), replace: true });
  const view: RoutingView = search.view ?? 'rules';
  const show = (next: RoutingView) => set({ view: next === 'rules' ? undefined : next });
  useCommands(VIEWS.map((next, i) => ({ id: `routing.${next}`, group: t('nav.routing'), label: t(`routing.view.${next}`), keys: String(i + 1), run: () => show(next) })));
  return (
    <div className={style.page}>
      <Title order={1} mb="sm">{t('nav.routing')}</Title>
      <Tabs value={view} onChange={(next) => show(next as RoutingView)} keepMounted={false}>
        <Tabs.List mb="md">{VIEWS.map((value) => <Tabs.Tab key={value} value={value}>{t(`routing.view.${value}`)}</Tabs.Tab>)}</Tabs.List>
        <Tabs.Panel value="rules"><Rules /></Tabs.Panel>
        <Tabs.Panel value="pools"><Pools /></Tabs.Panel>
        <Tabs.Panel value="territories"><Territories model={search.model} show={(model) => set({ model })} /></Tabs.Panel>
      </Tabs>
    </div>
  );
}
