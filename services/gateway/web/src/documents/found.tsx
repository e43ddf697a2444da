// Documents by what they say: each with the places where the words stand.
import { Alert, Button, Skeleton, Stack } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from '../i18n/words';
import { PersonName } from '../customers/value';
import type { DocumentFound, DocumentSnippet } from '../gen/baton/v1/documents_pb';
import { useFormat } from '../i18n/format';
import { useCommands } from '../shell/commands';
import { Empty } from '../ui/empty';
import { Trouble } from '../ui/trouble';
import { foundQuery } from './data';
import { partsOf } from './logic';
import { StatusBadge } from './parts';
import type { DocumentsSearch } from './search';
import style from './documents.module.css';

function Snippet({ snippet }: { snippet: DocumentSnippet }) {
  const { t } = useTranslation();
  return (
    <p className={style.snippet}>
      {snippet.page > 0 && <span className={style.dim}>{t('documents.page', { page: snippet.page })} </span>}
      {partsOf(snippet.text, snippet.marks).map((part, i) => (part.isMarked ? <mark key={i}>{part.text}</mark> : <span key={i}>{part.text}</span>))}
    </p>
  );
}

function Hit({ found }: { found: DocumentFound }) {
  const { t } = useTranslation();
  const d = found.document;
  if (!d) return null;
  return (
    <li className={style.hit}>
      <div className={style.hitHead}><Link to="/documents/$id" params={{ id: d.id }} data-hit>{d.title}</Link><StatusBadge status={d.status} /></div>
      <div className={style.cardFacts}><span>{t(`documents.types.${d.type}`)}</span><PersonName id={d.ownerId} /></div>
      {found.snippets.map((s, i) => <Snippet key={i} snippet={s} />)}
    </li>
  );
}

function useMoving() {
  const { t } = useTranslation();
  const step = (by: number) => {
    const hits = [...document.querySelectorAll<HTMLElement>('[data-hit]')];
    const at = hits.indexOf(document.activeElement as HTMLElement);
    hits[at < 0 ? 0 : Math.max(0, Math.min(hits.length - 1, at + by))]?.focus();
  };
  const quiet = (id: string, keys: string, label: string, by: number) => ({ id, keys, label, group: t('keys.moving'), isQuiet: true, run: () => step(by) });
  useCommands([quiet('list.next', 'j', t('keys.next'), 1), quiet('list.previous', 'k', t('keys.previous'), -1), quiet('list.down', 'ArrowDown', t('keys.next'), 1), quiet('list.up', 'ArrowUp', t('keys.previous'), -1)]);
}

export function FoundList({ search }: { search: DocumentsSearch }) {
  const { t } = useTranslation();
  const format = useFormat();
  useMoving();
  const { data, error, refetch, isLoading, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(foundQuery(search));
  const found = data?.pages.flatMap((p) => p.found) ?? [];
  const [first] = data?.pages ?? [];
  if (!search.q) return <Empty icon="search" title={t('documents.sayWords')} text={t('documents.sayWordsText')} />;
  return (
    <div className={style.hits}>
      {error && <Trouble error={error} again={refetch} />}
      {first && !first.complete && <Alert color="yellow" variant="light" role="status" mb="sm">{t('documents.notAllRead', { known: format.number(first.known) })}</Alert>}
      {isLoading && <Stack gap="xs" aria-busy="true">{[0, 1, 2].map((i) => <Skeleton key={i} height={70} radius="md" />)}</Stack>}
      {data && found.length === 0 && !hasNextPage && <Empty icon="note" title={t('documents.nowhere')} text={t('customers.noneText')} />}
      <ul className={style.hitList} aria-label={t('documents.foundIn')}>{found.map((f) => <Hit key={f.document?.id} found={f} />)}</ul>
      {hasNextPage && <Button size="xs" variant="default" loading={isFetchingNextPage} onClick={() => fetchNextPage()}>{t('documents.more')}</Button>}
    </div>
  );
}
