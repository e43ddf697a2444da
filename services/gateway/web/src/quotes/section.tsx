// The quotes of a deal, and another one.
import { Badge, Button, Menu, Skeleton, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useTranslation } from '../i18n/words';
import { recordQuery } from '../api/records';
import type { Opportunity } from '../gen/baton/v1/opportunities_pb';
import { Role } from '../gen/baton/v1/options_pb';
import { QuoteStatus } from '../gen/baton/v1/quotes_pb';
import { useMoney } from '../i18n/money';
import { useCommands } from '../shell/commands';
import { useMe } from '../shell/me';
import { Icon } from '../ui/icons';
import { complain } from '../ui/toast';
import { booksQuery, quotes, quotesQuery } from './data';
import style from './quotes.module.css';

export function StatusBadge({ status }: { status: QuoteStatus }) {
  const { t } = useTranslation();
  const color = status === QuoteStatus.ACCEPTED || status === QuoteStatus.APPROVED ? 'baton' : status === QuoteStatus.DECLINED ? 'red' : 'gray';
  return <Badge size="sm" variant={color === 'gray' ? 'outline' : 'light'} color={color} tt="none" c={color === 'gray' ? 'inherit' : undefined}>{t(`quotes.status.${status}`)}</Badge>;
}

function useNewQuote(deal: Opportunity) {
  const { i18n } = useTranslation();
  const navigate = useNavigate();
  const cache = useQueryClient();
  const { data: account } = useQuery(recordQuery('account', deal.accountId));
  return useMutation({
    mutationFn: async (priceBookId?: string) => (await quotes.createQuote({
      opportunityId: deal.id, priceBookId,
      head: { customerName: account?.name.slice(0, 200) || undefined, address: account?.billingAddress, country: account?.normalized?.address?.countryCode || undefined, language: i18n.language },
    })).quote,
    onSuccess: (quote) => quote && navigate({ to: '/quote/$id', params: { id: quote.id } }),
    onError: complain,
    onSettled: () => cache.invalidateQueries({ queryKey: ['quotes', deal.id] }),
  });
}

// Partners see no prices.
export function Quotes({ deal }: { deal: Opportunity }) {
  const { user } = useMe();
  return user.role === Role.PARTNER ? null : <List deal={deal} />;
}

function List({ deal }: { deal: Opportunity }) {
  const { t } = useTranslation();
  const money = useMoney();
  const { data } = useQuery(quotesQuery(deal.id));
  const { data: books } = useQuery(booksQuery);
  const make = useNewQuote(deal);
  const one = books?.length === 1 ? books[0] : undefined;
  useCommands([{ id: 'quote.new', group: t('nav.pipeline'), label: t('quotes.new'), keys: 'q', icon: <Icon name="plus" />, enabled: one !== undefined, run: () => make.mutate(one?.id) }]);
  const button = <Button size="compact-sm" variant="default" loading={make.isPending} disabled={!books?.length} onClick={one ? () => make.mutate(one.id) : undefined}>{t('quotes.new')}</Button>;
  return (
    <section className={style.section} aria-label={t('quotes.title')}>
      <div className={style.sectionHead}>
        <Title order={3}>{t('quotes.title')}</Title>
        {one || !books?.length ? button : (
          <Menu withinPortal><Menu.Target>{button}</Menu.Target><Menu.Dropdown>{books.map((b) => <Menu.Item key={b.id} onClick={() => make.mutate(b.id)}>{b.name} · {b.currencyCode}</Menu.Item>)}</Menu.Dropdown></Menu>
        )}
      </div>
      {!data && <Skeleton height={40} />}
      {data?.length === 0 && <p className={style.dim}>{books?.length === 0 ? t('quotes.noBooks') : t('quotes.none')}</p>}
      <ul className={style.list}>
        {data?.map((q) => (
          <li key={q.id}>
            <Link to="/quote/$id" params={{ id: q.id }}>{t('quotes.name', { number: String(q.number), version: String(q.version) })}</Link>
            <StatusBadge status={q.status} /><span className="num">{money.full({ currencyCode: q.currencyCode, minorUnits: q.total })}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
