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
import { router } from './routes';
import { startKeys } from './shell/commands';
import { theme, variables } from './theme';

// Nothing is said at first sight.
const Notifications = lazy(() => import('./ui/notifications'));

queryClient.prefetchQuery(meQuery); // asked while the words are loaded
startKeys();
await startLanguages();
createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <MantineProvider theme={theme} cssVariablesResolver={variables} defaultColorScheme="auto">
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
        <Suspense><Notifications /></Suspense>
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
