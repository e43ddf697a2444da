// Tokens by which programs come in as somebody: made, shown once, revoked.
import { Button, Group, Skeleton, Table, Text, TextInput } from '@mantine/core';
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from '../i18n/words';
import { directory } from '../api/client';
import { peopleQuery } from '../api/people';
import { PersonInput } from '../customers/value';
import type { Credential } from '../gen/baton/v1/directory_pb';
import { useFormat } from '../i18n/format';
import { Rows } from '../ui/rows';
import { complain, toast } from '../ui/toast';
import { Trouble } from '../ui/trouble';
import { Once, Sure } from '../ui/once';

const PAGE = 100;

function New({ made }: { made: (token: string) => void }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const [userId, setUser] = useState('');
  const [name, setName] = useState('');
  const make = useMutation({
    mutationFn: () => directory.createToken({ userId, name: name.trim() }),
    onSuccess: ({ token }) => {
      made(token);
      setName('');
    },
    onError: complain,
    onSettled: () => cache.invalidateQueries({ queryKey: ['tokens'] }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (userId && name.trim()) make.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Group align="end" mb="md" gap="sm">
        <TextInput size="xs" label={t('admin.tokenName')} maxLength={200} value={name} onChange={(e) => setName(e.currentTarget.value)} />
        <PersonInput size="xs" label={t('admin.tokenUser')} value={userId} onChange={setUser} />
        <Button type="submit" size="xs" disabled={!userId || !name.trim()} loading={make.isPending}>{t('admin.newToken')}</Button>
      </Group>
    </form>
  );
}

export function Tokens() {
  const { t } = useTranslation();
  const format = useFormat();
  const cache = useQueryClient();
  const { data: people } = useQuery(peopleQuery);
  const [secret, setSecret] = useState('');
  const [ending, setEnding] = useState<Credential>();
  const asked = useInfiniteQuery({
    queryKey: ['tokens'],
    initialPageParam: '',
    queryFn: ({ signal, pageParam }) => directory.listTokens({ pageSize: PAGE, pageToken: pageParam || undefined }, { signal }),
    getNextPageParam: (page) => page.nextPageToken || undefined,
  });
  const revoke = useMutation({
    mutationFn: (token: Credential) => directory.revokeToken({ tokenId: token.id }),
    onSuccess: (_, token) => toast({ title: t('admin.revoked', { name: token.name }) }),
    onError: complain,
    onSettled: () => {
      setEnding(undefined);
      cache.invalidateQueries({ queryKey: ['tokens'] });
    },
  });
  if (asked.error) return <Trouble error={asked.error} again={asked.refetch} />;
  const tokens = asked.data?.pages.flatMap((p) => p.tokens) ?? [];
  return (
    <>
      <New made={setSecret} />
      {!asked.data && <Skeleton height={120} />}
      {asked.data && tokens.length === 0 && <Text size="sm" c="dimmed">{t('admin.noTokens')}</Text>}
      {tokens.length > 0 && (
        <Rows label={t('admin.tokens')} minWidth={480} heads={['field.name', 'admin.tokenUser', 'admin.since', 'admin.acts'].map((k) => t(k))}>
          {tokens.map((token) => (
            <Table.Tr key={token.id}><Table.Th scope="row">{token.name}</Table.Th><Table.Td>{people?.get(token.userId)?.name}</Table.Td><Table.Td>{format.day(token.createdAt)}</Table.Td>
              <Table.Td><Button size="compact-xs" variant="default" onClick={() => setEnding(token)}>{t('admin.revoke')}</Button></Table.Td></Table.Tr>
          ))}
        </Rows>
      )}
      {asked.hasNextPage && <Button size="xs" variant="subtle" loading={asked.isFetchingNextPage} onClick={() => asked.fetchNextPage()}>{t('more')}</Button>}
      {secret && <Once title={t('admin.token')} secret={secret} close={() => setSecret('')} />}
      {ending && <Sure title={t('admin.revokes', { name: ending.name })} text={t('admin.revokesText')} button={t('admin.revoke')} isPending={revoke.isPending} close={() => setEnding(undefined)} go={() => revoke.mutate(ending)} />}
    </>
  );
}
