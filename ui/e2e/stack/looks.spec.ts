import { expect, type Page, test } from '@playwright/test';
import { expectAccessible, expectNoSidewaysScroll } from '../support/axe.ts';
import { LOOKS, picture, wear } from '../support/looks.ts';
import { signIn } from '../support/stack.ts';

/** `npm run screenshots` keeps the pictures for the README; else they lie with the other results. */
const folder = process.env.SCREENSHOT_DIR ?? 'test-results/stack/screenshots';

for (const look of LOOKS) {
  test(`the dashboard in ${look.name} is accessible, and is worth a picture`, async ({ page }) => {
    await wear(page, look);
    await page.goto('/app/login');
    await page.getByRole('heading', { name: 'Log in' }).waitFor();
    await expectAccessible(page);
    await openDashboard(page);
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
    const path = `${folder}/dashboard-${look.name}.png`;
    // A phone shows a screen at a time, and so does its picture.
    if (look.width > 1_000) await picture(page, look, path);
    else await page.screenshot({ path });
  });
}

test('the parts that the README shows are worth a picture', async ({ page }) => {
  await wear(page, { name: 'parts', theme: 'light', width: 1280, height: 1_700 });
  await openDashboard(page);
  const chart = await page.getByRole('region', { name: /by day$/ }).boundingBox();
  const table = await page.getByRole('region', { name: 'Campaigns', exact: true }).boundingBox();
  if (!chart || !table) throw new Error('no chart, or no table');
  const edge = 16;
  await page.screenshot({
    path: `${folder}/chart-and-campaigns.png`,
    clip: {
      x: table.x - edge,
      y: chart.y - edge,
      width: table.width + 2 * edge,
      height: table.y + table.height - chart.y + 2 * edge,
    },
  });
  await page.locator('[data-freshness]').click();
  const freshness = page.getByRole('dialog');
  await expect(freshness).toContainText('Last read');
  await page.waitForTimeout(300);
  await page.screenshot({
    path: `${folder}/freshness.png`,
    clip: { x: 0, y: 0, width: 1_280, height: 560 },
  });
});

test('connections are worth a picture', async ({ page }) => {
  await wear(page, { name: 'connections', theme: 'light', width: 1280, height: 720 });
  await signIn(page);
  await page.goto('/app/connections');
  await expect(page.getByText('Healthy').or(page.getByText(/Backfilling/))).toBeVisible();
  await page.screenshot({ path: `${folder}/connections.png` });
});

async function openDashboard(page: Page): Promise<void> {
  await signIn(page);
  await page.goto('/app/?r=28d');
  await page.locator('[data-state="ready"] .recharts-surface').first().waitFor();
  await page.locator('[data-live="connected"]').waitFor();
}
