// Clean data: who is there twice, what is to be mended, and how good all of it is.
import { SegmentedControl, Tabs, Title } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from '../i18n/words';
import { useCommands } from '../shell/commands';
import { useMe } from '../shell/me';
import { Duplicates } from './duplicates';
import { MendList } from './mend';
import { Report } from './report';
import { type QualitySearch, type QualityView, VIEWS } from './search';
import style from './quality.module.css';

export function QualityPage() {
  const { t } = useTranslation();
  const me = useMe();
  const search = useSearch({ from: '/quality' });
  const navigate = useNavigate({ from: '/quality' });
  const set = (change: Partial<QualitySearch>) => navigate({ search: (s) => ({ ...s, ...change }), replace: true });
  const views = VIEWS.filter((view) => view !== 'report' || me.isLead);
  const view: QualityView = search.view ?? 'duplicates';
  const kind = search.type ?? 'contact';
  const show = (next: QualityView) => set({ view: next === 'duplicates' ? undefined : next });
  useCommands(views.map((next, i) => ({ id: `quality.${next}`, group: t('nav.quality'), label: t(`quality.view.${next}`), keys: String(i + 1), run: () => show(next) })));
  return (
    <div className={style.page}>
      <header className={style.head}>
        <Title order={1}>{t('nav.quality')}</Title>
        {view !== 'mend' && (
          <SegmentedControl size="xs" aria-label={t('quality.what')} value={kind} data={(['contact', 'account'] as const).map((value) => ({ value, label: t(`kinds.${value}`) }))}
            onChange={(type) => set({ type: type === 'account' ? 'account' : undefined })} />
        )}
      </header>
      <Tabs value={view} onChange={(next) => show(next as QualityView)} keepMounted={false} className={style.tabs}>
        <Tabs.List>{views.map((value) => <Tabs.Tab key={value} value={value}>{t(`quality.view.${value}`)}</Tabs.Tab>)}</Tabs.List>
        <Tabs.Panel value="duplicates" className={style.panel}><Duplicates key={kind} kind={kind} /></Tabs.Panel>
        <Tabs.Panel value="mend" className={style.panel}><MendList owner={search.owner} choose={(owner) => set({ owner })} /></Tabs.Panel>
        <Tabs.Panel value="report" className={style.panel}><Report kind={kind} mend={(owner) => set({ view: 'mend', owner })} /></Tabs.Panel>
      </Tabs>
    </div>
  );
}
