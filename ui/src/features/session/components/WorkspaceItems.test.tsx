import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { expect, it } from 'vitest';
import type { Me } from '@/api/contract.ts';
import { connectionsOf, makeCard } from '../../../../dev/fixtures/connections.ts';
import { makeMe, OTTER_ID, withAnother } from '../../../../dev/fixtures/me.ts';
import { openApp } from '../../../../test/openApp.tsx';
import { problem, server } from '../../../../test/server.ts';

const HOME = withAnother(makeMe());
const AWAY: Me = {
  ...HOME,
  workspace: {
    ...(makeMe({ demo: false, name: 'Otter & Oak', role: 'viewer', number: 2 })
      .workspace as NonNullable<Me['workspace']>),
    id: OTTER_ID,
  },
};

/** A session that acts in one of two workspaces, each with a connection of its own. */
function session(start: Me = HOME) {
  let me = start;
  server.use(
    http.get('*/auth/me', () => HttpResponse.json(me)),
    http.post('*/workspaces/:id/enter', ({ params }) => {
      me = params.id === OTTER_ID ? AWAY : HOME;
      return HttpResponse.json(me);
    }),
    http.post('*/workspaces', () => {
      me = HOME;
      return HttpResponse.json(HOME.workspace, { status: 201 });
    }),
    http.get('*/connections', () =>
      HttpResponse.json({
        ...connectionsOf('owner'),
        connections: [makeCard({ label: me === AWAY ? 'Otter on Meta' : 'Defang on Meta' })],
      }),
    ),
  );
}

it('goes over to another workspace in all tabs, and shows nothing of the one before', async () => {
  session();
  const [one, other] = [openApp('/connections'), openApp('/connections')];
  const [here, there] = [within(one.container), within(other.container)];
  await here.findByRole('article', { name: 'Defang on Meta' });
  await there.findByRole('article', { name: 'Defang on Meta' });
  await userEvent.click(here.getByRole('button', { name: /^Account of/ }));
  const items = await screen.findAllByRole('menuitemradio', { name: /Defang Labs|Otter & Oak/ });
  expect(items.map((item) => [item.textContent, item.getAttribute('aria-checked')])).toEqual([
    ['Defang LabsOwner · demo', 'true'],
    ['Otter & OakViewer', 'false'],
  ]);
  await userEvent.click(screen.getByRole('menuitemradio', { name: /Otter & Oak/ }));
  for (const tab of [here, there]) {
    expect(await tab.findByRole('article', { name: 'Otter on Meta' })).toBeInTheDocument();
    expect(tab.queryByText('Defang on Meta')).toBeNull();
    expect(tab.getByText('Otter & Oak', { selector: 'header p' })).toBeInTheDocument();
  }
});

it('says that a workspace cannot be entered, and stays', async () => {
  session();
  server.use(http.post('*/workspaces/:id/enter', () => problem(404, 'not-found', 'Nothing here')));
  openApp('/connections');
  await screen.findByRole('article', { name: 'Defang on Meta' });
  await userEvent.click(screen.getByRole('button', { name: /^Account of/ }));
  await userEvent.click(await screen.findByRole('menuitemradio', { name: /Otter & Oak/ }));
  expect(await screen.findByText('It cannot be entered right now.')).toBeInTheDocument();
  expect(screen.getByRole('article', { name: 'Defang on Meta' })).toBeInTheDocument();
});

it('whoever acts nowhere enters one of theirs, or makes one', async () => {
  session({ ...HOME, workspace: null });
  openApp('/connections');
  await userEvent.click(await screen.findByRole('button', { name: 'Make a workspace' }));
  await userEvent.keyboard('{Escape}');
  await userEvent.click(await screen.findByRole('button', { name: /^Otter & Oak/ }));
  expect(await screen.findByRole('article', { name: 'Otter on Meta' })).toBeInTheDocument();
});
