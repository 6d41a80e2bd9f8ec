import { expect, test } from '@playwright/test';
import { RANGE_PRESETS } from '../../src/features/filters/presets.ts';
import { figureOf, readFigures, shown, tile } from '../support/dashboard.ts';
import { go, hold, tilesOf, truth } from '../support/sandbox.ts';
import { stack, until } from '../support/stack.ts';

// The demo reads the last 28 days again every few minutes, today and yesterday every few seconds;
// TRUTH_RANGE=today is the quick proof.
const wanted = process.env.TRUTH_RANGE ?? '28d';
const preset = RANGE_PRESETS.find(({ range }) => range === wanted);
if (!preset) throw new Error(`TRUTH_RANGE ${wanted} is no range`);
const { timeframe } = preset;

test.afterAll(({ playwright }) => playwright.request.newContext().then(go));

test('a person logs in and sees the true totals', async ({ page }) => {
  test.setTimeout(420_000);
  await hold(page.request);

  await page.goto(`/app/?r=${wanted}`);
  await expect(page.getByRole('heading', { name: 'Log in' })).toBeVisible();
  await page.getByLabel('E-mail').fill(stack.email);
  await page.getByLabel('Password').fill(stack.password);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.locator('[data-state="ready"]').waitFor();
  await expect(page.getByText('Demo data.')).toBeVisible();
  expect(new URL(page.url()).searchParams.get('r')).toBe(wanted);

  // With the clock held, the truth stands still; what is covered must come to equal it, exactly.
  const { range, currency } = await readFigures(page, timeframe);
  const expected = tilesOf(await truth(page.request, range.from, range.to));
  await until(
    `spend and revenue of ${range.from} to ${range.to} equal the truth ${JSON.stringify(expected)}`,
    300,
    async () => {
      const told = await readFigures(page, timeframe);
      return ['spend', 'revenue', 'purchases'].map((metric) => figureOf(told, metric));
    },
    (told) => ['spend', 'revenue', 'purchases'].every((metric, i) => told[i] === expected[metric]),
  );
  for (const [metric, value] of Object.entries(expected)) {
    await expect(tile(page, metric)).toHaveText(shown(metric, value, currency), {
      timeout: 30_000,
    });
  }

  // The total below the campaigns is that of all of them, not of those shown.
  const total = page.locator('[data-total]');
  await expect(total).toContainText(shown('spend', expected.spend ?? null, currency));
  await expect(total).toContainText(shown('revenue', expected.revenue ?? null, currency));
});
