import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { describe, expect, it, vi } from 'vitest';
import { DASHBOARD_KEY } from '@/features/dashboard/api/dashboard.ts';
import { dashboardOf } from '../../../../dev/fixtures/answer.ts';
import { makeFreshness } from '../../../../dev/fixtures/freshness.ts';
import { makeMe } from '../../../../dev/fixtures/me.ts';
import { behind, unread, withoutDelivery } from '../../../../dev/fixtures/states.ts';
import { answer, tile } from '../../../../test/dashboard.ts';
import { openApp } from '../../../../test/openApp.tsx';
import { problem, server } from '../../../../test/server.ts';

describe('the dashboard', () => {
  it('shows the layout of its figures while they load', async () => {
    server.use(http.get('*/dashboard/unified', () => new Promise<never>(() => undefined)));
    openApp();
    expect(await screen.findByText('Loading figures')).toBeInTheDocument();
  });

  it('answers the question and shows the tiles', async () => {
    openApp();
    expect(await screen.findByRole('heading', { name: 'Is my ad money working?' })).toBeVisible();
    expect(await tile(/^Ad spend/)).toHaveAttribute('aria-pressed', 'true');
    expect(screen.getByRole('table', { name: /Campaigns/ })).toBeInTheDocument();
    expect(screen.getByText('Connect a shop')).toBeInTheDocument();
  });

  it('says that nothing is connected, and shows no figure', async () => {
    server.use(answer((dashboard) => Object.assign(dashboard, { state: 'needs-setup' })));
    openApp();
    expect(await screen.findByText('No ad account is connected yet')).toBeInTheDocument();
    expect(screen.queryByText(/\$/)).toBeNull();
    expect(screen.queryByRole('button', { name: /^Date range/ })).toBeNull();
    const next = screen.getAllByRole('listitem', { current: 'step' });
    expect(next.map(({ textContent }) => textContent)).toEqual([
      expect.stringContaining('Connect an ad account'),
    ]);
  });

  it('waits for the first figures, naming what is read', async () => {
    server.use(
      answer((dashboard) => {
        dashboard.state = 'waiting-for-data';
        dashboard.meta.freshness = [
          makeFreshness({ status: 'waiting', reason: 'Reading 90 days' }),
        ];
      }),
    );
    openApp();
    expect(await screen.findByText('The first figures are on their way')).toBeInTheDocument();
    expect(screen.getByText('Reading 90 days')).toBeInTheDocument();
  });

  it('tells what failed, and tries again when asked', async () => {
    let broken = true;
    server.use(
      http.get('*/dashboard/unified', ({ request }) =>
        broken
          ? problem(503, 'unavailable', 'Figures cannot be read right now')
          : HttpResponse.json(dashboardOf(new URL(request.url).searchParams)),
      ),
    );
    openApp();
    expect(await screen.findByText('Figures cannot be read right now')).toBeInTheDocument();
    broken = false;
    await userEvent.click(screen.getByRole('button', { name: /Try again/ }));
    expect(await tile(/^Ad spend/)).toBeInTheDocument();
  });

  it('tries again by itself, too', async () => {
    server.use(
      http.get('*/dashboard/unified', () => problem(503, 'unavailable', 'Not just now'), {
        once: true,
      }),
    );
    openApp();
    expect(await screen.findByText('Not just now')).toBeInTheDocument();
    expect(await tile(/^Ad spend/)).toBeInTheDocument();
  });

  it('keeps the figures when a refetch fails, and says how old they are', async () => {
    const { client } = openApp();
    await tile(/^Ad spend/);
    server.use(http.get('*/dashboard/unified', () => problem(500, 'internal', 'Something broke')));
    await client.invalidateQueries({ queryKey: DASHBOARD_KEY });
    expect(await screen.findByText(/These figures are from/)).toBeInTheDocument();
    expect(await tile(/^Ad spend/)).toBeInTheDocument();
  });

  it('says that a range is empty and offers a wider one', async () => {
    server.use(
      answer((dashboard) => {
        if (dashboard.range.timeframe !== 'yesterday') return;
        withoutDelivery(dashboard);
      }),
    );
    const { href } = openApp('/?r=yesterday');
    expect(await screen.findByText('Nothing ran on these days')).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Show the last 28 days' }));
    expect(await tile(/^Ad spend/)).toBeInTheDocument();
    expect(href()).toContain('r=28d');
  });

  it('offers more days than those that are empty, or none', async () => {
    server.use(answer(withoutDelivery));
    const { href } = openApp('/?r=28d');
    await userEvent.click(await screen.findByRole('button', { name: 'Show the last 90 days' }));
    await waitFor(() => expect(href()).toContain('r=90d'));
    await waitFor(() =>
      expect(screen.queryByRole('button', { name: /^Show the last/ })).toBeNull(),
    );
    expect(screen.getByText('Nothing ran so far')).toBeInTheDocument();
  });

  it('does not say that nothing ran where nothing was read', async () => {
    server.use(
      answer((dashboard) => {
        unread(dashboard);
        dashboard.meta.freshness = [
          makeFreshness({ status: 'failing', next_step: 'Reconnect the account.' }),
        ];
        dashboard.meta.warnings = [
          { code: 'failing-account', message: 'Defang Labs US was last read on Nov 3, 10:00.' },
        ];
      }),
    );
    openApp('/?r=yesterday');
    expect(await screen.findByText('These days were not read yet')).toBeInTheDocument();
    expect(screen.queryByText(/Nothing ran|No ad was shown/)).toBeNull();
    expect(screen.getByText(/was last read on Nov 3/)).toBeInTheDocument();
    expect(screen.getByText(/Reconnect the account/)).toBeInTheDocument();
  });

  it('says how far it was read, until the first read of a new day', async () => {
    server.use(
      answer((dashboard) => {
        unread(dashboard);
        dashboard.meta.freshness = [makeFreshness({ observed_until: '2026-11-21T04:58:00Z' })];
      }),
    );
    openApp('/?r=today');
    expect(await screen.findByText(/Read up to Nov 20, 23:58/)).toBeInTheDocument();
  });

  it('warns of an account that is behind where nothing ran on another', async () => {
    server.use(
      answer((dashboard) => {
        withoutDelivery(dashboard);
        dashboard.meta.warnings = [{ code: 'failing-account', message: 'One is behind.' }];
      }),
    );
    openApp('/?r=yesterday');
    expect(await screen.findByText('One is behind.')).toBeInTheDocument();
  });

  it('does not wait for days before the first that is read', async () => {
    server.use(
      answer((dashboard) => {
        unread(dashboard);
        dashboard.meta.freshness = [makeFreshness({ data_from: '2026-08-23' })];
      }),
    );
    openApp('/?r=custom&from=2026-05-01&to=2026-05-07');
    expect(await screen.findByText(/Figures begin on Aug 23, 2026/)).toBeInTheDocument();
    expect(screen.queryByText(/fills by itself/)).toBeNull();
  });

  it('reads its days anew when the workspace’s day turns over', async () => {
    const asked: string[] = [];
    server.use(
      answer((dashboard) => {
        asked.push(dashboard.range.to);
      }),
    );
    vi.useFakeTimers({ now: new Date('2026-11-21T04:59:50Z'), toFake: ['Date', 'setInterval'] });
    try {
      openApp('/?r=7d'); // ten seconds before midnight in New York
      await tile(/^Ad spend/);
      await vi.advanceTimersByTimeAsync(35_000);
      await waitFor(() => expect(asked).toEqual(['2026-11-20', '2026-11-21']));
    } finally {
      vi.useRealTimers();
    }
  });

  it('tells of each late account, though they are late alike', async () => {
    server.use(
      answer(({ meta }) => {
        meta.warnings = ['One', 'Another'].map((name) => ({
          code: 'late-account',
          message: `${name} was last read an hour ago.`,
        }));
      }),
    );
    const complained = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    openApp();
    expect(await screen.findByText(/^One was last read/)).toBeInTheDocument();
    expect(screen.getByText(/^Another was last read/)).toBeInTheDocument();
    expect(complained).not.toHaveBeenCalled();
  });

  it('leads from a failure to what it means', async () => {
    server.use(http.get('*/dashboard/unified', () => problem(503, 'unavailable', 'Not just now')));
    openApp();
    const link = await screen.findByRole('link', { name: 'What this means' });
    expect(link).toHaveAttribute('href', '/problems/unavailable');
  });

  it('opens by itself when the API is back', async () => {
    server.use(http.get('*/auth/me', () => HttpResponse.error()));
    openApp('/?r=7d');
    expect(await screen.findByText('metricx cannot be reached')).toBeInTheDocument();
    server.resetHandlers();
    expect(await tile(/^Ad spend/)).toBeInTheDocument();
  });

  it('says that it is offline, and keeps its figures', async () => {
    openApp();
    await tile(/^Ad spend/);
    const network = vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false);
    window.dispatchEvent(new Event('offline'));
    expect(await screen.findByText(/You are offline/)).toBeInTheDocument();
    expect(await tile(/^Ad spend/)).toBeInTheDocument();
    network.mockReturnValue(true);
    window.dispatchEvent(new Event('online'));
    await waitFor(() => expect(screen.queryByText(/You are offline/)).toBeNull());
  });

  it('marks a demo workspace, on an unknown page too', async () => {
    openApp('/no/such/page');
    expect(await screen.findByText('There is no such page')).toBeInTheDocument();
    expect(screen.getByText('Demo data.')).toBeInTheDocument();
  });

  it('does not call a workspace of one’s own a demo', async () => {
    server.use(http.get('*/auth/me', () => HttpResponse.json(makeMe({ demo: false }))));
    openApp();
    await tile(/^Ad spend/);
    expect(screen.queryByText('Demo data.')).toBeNull();
  });

  it('shows a null ratio as "–" and a cost that fell as better', async () => {
    server.use(
      answer((dashboard) => {
        for (const kpi of dashboard.kpis) {
          if (kpi.metric === 'roas') kpi.value = null;
          if (kpi.metric === 'cpa')
            kpi.delta = { kind: 'percent', value: -0.2, reason: null, estimated: false };
        }
      }),
    );
    openApp();
    expect(within(await tile(/^ROAS/)).getByText('–')).toBeInTheDocument();
    const fallen = within(await tile(/^CPA/)).getByText('−20%');
    expect(fallen.closest('[data-meaning]')).toHaveAttribute('data-meaning', 'good');
  });

  it('says once why no tile can be compared, and calls nothing new', async () => {
    server.use(
      answer(({ kpis }) => {
        for (const kpi of kpis) {
          kpi.previous = 0;
          kpi.delta = {
            kind: 'none',
            value: null,
            reason: 'Figures begin in May.',
            estimated: false,
          };
        }
      }),
    );
    openApp();
    expect(within(await tile(/^Ad spend/)).getByText('nothing to compare with')).toBeVisible();
    expect(screen.getByText('Figures begin in May.')).toBeInTheDocument();
    expect(screen.queryByText('new')).toBeNull();
  });

  it('tells both sides up to the same hour while a day runs', async () => {
    server.use(
      answer(({ kpis, comparison }) => {
        if (comparison) comparison.until = '2026-11-21 03:00';
        const spend = kpis.find(({ metric }) => metric === 'spend');
        Object.assign(spend ?? {}, {
          value: 576_210_000,
          compared: 155_000_000,
          previous: 153_000_000,
        });
      }),
    );
    openApp('/?r=today');
    expect(within(await tile(/^Ad spend/)).getByText('$155 vs $153 by 03:00')).toBeVisible();
    expect(screen.getByText(/brought back/)).not.toHaveTextContent(/up|down/);
  });

  it('says without any hint how both sides count and what the chosen metric means', async () => {
    server.use(
      answer(({ kpis, comparison }) => {
        if (comparison) comparison.note = 'Both sides count up to 13:00 of their running date.';
        for (const kpi of kpis)
          if (kpi.metric === 'cpl')
            kpi.delta = {
              kind: 'none',
              value: null,
              reason: 'One of the two has no value.',
              estimated: false,
            };
      }),
    );
    openApp('/?m=cpl');
    await tile(/^CPL/);
    expect(screen.getByText('Both sides count up to 13:00 of their running date.')).toBeVisible();
    const trend = within(screen.getByRole('region', { name: 'CPL by day' }));
    expect(trend.getByText(/CPL of all connected platforms\./)).toBeVisible();
    expect(trend.getByText(/One of the two has no value\./)).toBeVisible();
  });

  it('one broken tile leaves the others standing', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    server.use(
      answer(({ kpis }) => {
        const [first] = kpis;
        if (first) Object.assign(first, { series: null });
      }),
    );
    openApp('/?m=roas');
    expect(await tile(/^ROAS/)).toBeInTheDocument();
    expect(screen.getByText('This part could not be shown')).toBeInTheDocument();
  });

  it('does not call days unfinished that were not read', async () => {
    server.use(answer((dashboard) => behind(dashboard, 10)));
    openApp('/?r=28d');
    expect(within(await tile(/^Ad spend/)).getByText('not read whole yet')).toBeInTheDocument();
    expect(screen.getByText('Not read whole yet')).toBeInTheDocument();
    expect(screen.queryByText('Day not over')).toBeNull();
  });

  it('shows the chart’s figures as a table that says what is not over', async () => {
    openApp('/?view=table&r=7d');
    const table = await screen.findByRole('table', { name: 'Ad spend by day' });
    expect(within(table).getAllByRole('row')).toHaveLength(8);
    expect(within(table).getByText(/so far/)).toBeInTheDocument();
  });
});
