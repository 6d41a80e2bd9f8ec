import { Tooltip } from '@base-ui/react/tooltip';
import { QueryClientProvider } from '@tanstack/react-query';
import { createMemoryHistory, RouterProvider } from '@tanstack/react-router';
import { render } from '@testing-library/react';
import { makeQueryClient } from '../src/app/queryClient.ts';
import { makeRouter } from '../src/app/router.tsx';

/** Opens the whole application at a path; no failure is retried, so that tests need not wait. */
export function openApp(path = '/') {
  const client = makeQueryClient(0);
  const history = createMemoryHistory({ initialEntries: [`/app${path}`] });
  const router = makeRouter(client, history);
  const view = render(
    <QueryClientProvider client={client}>
      <Tooltip.Provider>
        <RouterProvider router={router} />
      </Tooltip.Provider>
    </QueryClientProvider>,
  );
  return { ...view, client, router, href: () => history.location.href };
}
