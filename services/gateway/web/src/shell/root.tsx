// What stands around every page: somebody who is signed in, or the door.
import { Button, Center, Loader } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useLocation } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useMemo } from 'react';
import { useTranslation } from '../i18n/words';
import { meQuery, queryClient } from '../api/query';
import { LiveProvider } from '../live/live';
import { Empty } from '../ui/empty';
import { Trouble } from '../ui/trouble';
import { MeContext, meOf } from './me';
import { Shell } from './shell';

const SignIn = lazy(() => import('../door/page').then((m) => ({ default: m.SignIn })));

// Of whoever was signed in nothing stays.
function Door() {
  useEffect(() => {
    document.title = 'Baton';
    queryClient.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'me' });
  }, []);
  return <Suspense><SignIn /></Suspense>;
}

export function Root() {
  const { pathname } = useLocation();
  const me = useQuery({ ...meQuery, enabled: pathname !== '/setup' });
  const who = useMemo(() => (me.data?.user ? meOf(me.data.user, me.data.organisation) : undefined), [me.data]);
  if (pathname === '/setup') return <Outlet />;
  if (who) {
    return (
      <MeContext value={who}>
        <LiveProvider user={who.user.id}>
          <Shell><Outlet /></Shell>
        </LiveProvider>
      </MeContext>
    );
  }
  if (me.data === null) return <Door />;
  if (me.error) return <Center h="100dvh"><Trouble error={me.error} again={() => me.refetch()} /></Center>;
  return <Center h="100dvh" aria-busy="true"><Loader /></Center>;
}

export function NotFound() {
  const { t } = useTranslation();
  return (
    <Empty icon="search" title={t('notFound')} text={t('notFoundText')}>
      <Button component={Link} to="/leads" variant="light">{t('nav.leads')}</Button>
    </Empty>
  );
}

export function Wrong({ error, reset }: { error: unknown; reset: () => void }) {
  return <Trouble error={error} again={reset} />;
}
