import { exec } from 'node:child_process';
import { expect, type Page, test } from '@playwright/test';
import { figureOf, readFigures, shown, tile } from '../support/dashboard.ts';
import { go, hold, spend } from '../support/sandbox.ts';
import { signIn, stack, until } from '../support/stack.ts';

test.beforeEach(async ({ page }) => {
  await signIn(page);
  await hold(page.request);
});
test.afterAll(({ playwright }) => playwright.request.newContext().then(go));

test('a tile moves without a reload when money is spent', async ({ page }) => {
  const { before, currency } = await openToday(page);
  await spend(page.request, { spend: '123.45', impressions: 900, clicks: 31 });
  await expect(tile(page, 'spend')).toHaveText(shown('spend', before + 123_450_000, currency), {
    timeout: 60_000,
  });
  await expectSamePage(page);
});

test('the page outlives a restart of the API and catches up', async ({ page }) => {
  test.skip(!stack.restartApi, 'RESTART_API_COMMAND is not set');
  const { before, currency } = await openToday(page);
  const restarted = restartApi();
  await expect(page.locator('[data-live="reconnecting"]')).toBeVisible({ timeout: 30_000 });
  await expect(tile(page, 'spend')).toHaveText(shown('spend', before, currency)); // nothing vanishes
  await spend(page.request, { spend: '77.70', impressions: 500, clicks: 12 });
  await restarted;
  await expect(page.locator('[data-live="connected"]')).toBeVisible({ timeout: 90_000 });
  await expect(tile(page, 'spend')).toHaveText(shown('spend', before + 77_700_000, currency), {
    timeout: 60_000,
  });
  await expectSamePage(page);
});

/** Today's page, once its spend has stopped moving: the clock is held, polls have to catch up. */
async function openToday(page: Page): Promise<{ before: number; currency: string }> {
  await page.goto('/app/?r=today&cmp=off');
  await page.locator('[data-live="connected"]').waitFor();
  await page.evaluate(() => {
    (window as { kept?: boolean }).kept = true;
  });
  let last: number | null = null;
  let since = Date.now();
  const settled = await until(
    'today’s spend stands still for 12 s',
    120,
    () => readFigures(page, 'today'),
    (told) => {
      const now = figureOf(told, 'spend');
      if (now !== last) since = Date.now();
      last = now;
      return now !== null && Date.now() - since > 12_000;
    },
  );
  const before = figureOf(settled, 'spend') ?? 0;
  await expect(tile(page, 'spend')).toHaveText(shown('spend', before, settled.currency), {
    timeout: 30_000,
  });
  return { before, currency: settled.currency };
}

async function expectSamePage(page: Page): Promise<void> {
  expect(await page.evaluate(() => (window as { kept?: boolean }).kept)).toBe(true);
}

function restartApi(): Promise<void> {
  return new Promise((resolve, reject) => {
    exec(stack.restartApi ?? '', { timeout: 120_000 }, (error) =>
      error ? reject(error) : resolve(),
    );
  });
}
