import { test } from '@playwright/test';
import { expectAccessible, expectNoSidewaysScroll } from '../support/axe.ts';
import { LOOKS, wear } from '../support/looks.ts';
import { signIn } from '../support/stack.ts';

/** `npm run screenshots` keeps the pictures for the README; else they lie with the other results. */
const folder = process.env.SCREENSHOT_DIR ?? 'test-results/screenshots';

for (const look of LOOKS) {
  test(`the dashboard in ${look.name} is accessible, and is worth a picture`, async ({ page }) => {
    await wear(page, look);
    await page.goto('/app/login');
    await page.getByRole('heading', { name: 'Log in' }).waitFor();
    await expectAccessible(page);
    await signIn(page);
    await page.goto('/app/?r=28d');
    await page.locator('[data-state="ready"] .recharts-surface').first().waitFor();
    await page.locator('[data-live="connected"]').waitFor();
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
    await page.screenshot({ path: `${folder}/dashboard-${look.name}.png` });
  });
}
