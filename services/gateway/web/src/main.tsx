// Where the application begins.
import '@mantine/core/styles.layer.css';
import '@mantine/notifications/styles.layer.css';
import '@mantine/spotlight/styles.layer.css';
import './app.css';
import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { lazy, StrictMode, Suspense } from 'react';
import { createRoot } from 'react-dom/client';
import { meQuery, queryClient } from './api/query';
import { startLanguages } from './i18n';
import { Words } from './i18n/words';
import { router } from './routes';
import { startKeys } from './shell/commands';
import { theme, variables } from './theme';
import { idle } from './ui/idle';

const Notifications = lazy(() => idle().then(() => import('./ui/notifications')));

// All at once: who it is, the words, and the page behind the address. What is drawn first is whole. Nothing is awaited
// by the module itself: pages import from it.
async function start() {
  queryClient.prefetchQuery(meQuery);
  startKeys();
  await Promise.all([startLanguages(), router.load().catch(() => {})]); // what went wrong with a page is said in its place
  createRoot(document.getElementById('root') as HTMLElement).render(
    <StrictMode>
      <MantineProvider theme={theme} cssVariablesResolver={variables} defaultColorScheme="auto">
        <QueryClientProvider client={queryClient}>
          <Words>
            <RouterProvider router={router} />
            <Suspense><Notifications /></Suspense>
          </Words>
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  );
}

start();
