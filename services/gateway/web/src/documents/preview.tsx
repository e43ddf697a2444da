// How a file looks, and what stands in it, without opening it.
import { ActionIcon, Button, Group, SegmentedControl, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { saidOf } from '../i18n';
import { useTranslation } from '../i18n/words';
import { useCommands } from '../shell/commands';
import { Icon } from '../ui/icons';
import { Trouble } from '../ui/trouble';
import { pageQuery, textQuery } from './data';
import style from './documents.module.css';

function Paper({ hash, name, page }: { hash: string; name: string; page: number }) {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery(pageQuery(hash, page));
  if (error) return <Trouble error={error} again={refetch} />;
  if (!data) return <Skeleton className={style.paper} height={420} />;
  if (!data.url) return <p className={style.none}>{data.reason ? saidOf(data.reason) : t('documents.noPage')}</p>;
  return <img className={style.paper} src={data.url} alt={t('documents.pageOf', { page, name })} />;
}

export function Preview({ hash, name }: { hash: string; name: string }) {
  const { t } = useTranslation();
  const [view, setView] = useState('pages');
  const [page, setPage] = useState(1);
  const { data: said, error } = useQuery(textQuery(hash));
  const { data: shown } = useQuery(pageQuery(hash, page));
  const { data: first } = useQuery(pageQuery(hash, 1));
  const isImage = first === undefined || first.url !== '';
  const isText = view === 'text' || !isImage;
  const pages = said?.text && !said.cut ? said.text.replace(/\f+$/, '').split('\f').length : undefined;
  const isLast = pages !== undefined ? page >= pages : shown !== undefined && shown.url === '';
  const turn = (step: number) => setPage((p) => Math.max(1, p + step));
  useCommands([
    { id: 'page.next', group: t('nav.documents'), label: t('documents.nextPage'), keys: ']', isQuiet: true, enabled: !isText && !isLast, run: () => turn(1) },
    { id: 'page.previous', group: t('nav.documents'), label: t('documents.previousPage'), keys: '[', isQuiet: true, enabled: !isText && page > 1, run: () => turn(-1) },
  ]);
  return (
    <section className={style.preview} aria-label={t('documents.preview')}>
      <Group gap="xs" className={style.previewBar}>
        {isImage && <SegmentedControl size="xs" aria-label={t('documents.preview')} value={view} onChange={setView} data={['pages', 'text'].map((value) => ({ value, label: t(`documents.views.${value}`) }))} />}
        {!isText && (
          <Group gap={4}>
            <ActionIcon variant="subtle" color="gray" disabled={page === 1} onClick={() => turn(-1)} aria-label={t('documents.previousPage')}><Icon name="left" /></ActionIcon>
            <span className="num" role="status">{pages && pages > 1 ? t('documents.pageIn', { page, pages }) : t('documents.page', { page })}</span>
            <ActionIcon variant="subtle" color="gray" disabled={isLast} onClick={() => turn(1)} aria-label={t('documents.nextPage')}><Icon name="right" /></ActionIcon>
          </Group>
        )}
        <Button component="a" href={`/v1/files/${hash}`} download={name} size="xs" variant="default" ml="auto" leftSection={<Icon name="download" size={15} />}>{t('documents.download')}</Button>
      </Group>
      <div className={style.previewBody} tabIndex={0} role="region" aria-label={name}>
        {!isText && <Paper hash={hash} name={name} page={page} />}
        {isText && error && <Trouble error={error} />}
        {isText && !error && !said && <Skeleton height={300} />}
        {isText && said && (said.text ? <pre className={style.text}>{said.text}{said.cut && `\n${t('documents.textCut')}`}</pre>
          : <p className={style.none}>{t('documents.noText')} {saidOf(said.reason)}</p>)}
      </div>
    </section>
  );
}
