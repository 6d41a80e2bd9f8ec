import { test } from '@playwright/test';
import { expectAccessible, expectNoSidewaysScroll } from '../support/axe.ts';
import { enter, refuseBlocked, shot } from '../support/gallery.ts';
import { LOOKS, picture, wear } from '../support/looks.ts';

/** Each scene of the fixture server with what must be on screen before it is looked at. */
const SCENES: Record<string, string> = {
  owner: '[data-state="ready"] .recharts-surface',
  'two-platforms': '[data-state="ready"] .recharts-surface',
  loading: '[aria-busy="true"]',
  'needs-setup': 'text=No ad account is connected yet',
  waiting: 'text=The first figures are on their way',
  failed: 'text=Figures cannot be read right now',
  failing: '[data-freshness="failing"]',
  behind: '[data-state="ready"] .recharts-surface',
  late: '[data-freshness="late"]',
  empty: 'text=Nothing ran',
  unread: 'text=These days were not read yet',
  'cut-off': '[data-live="reconnecting"]',
};
const EVERYWHERE = ['owner', 'two-platforms'];

refuseBlocked();

for (const look of LOOKS) {
  for (const [scene, ready] of Object.entries(SCENES)) {
    if (['narrow', 'tablet'].includes(look.name) && !EVERYWHERE.includes(scene)) continue;
    test(`${scene} in ${look.name} is whole and accessible`, async ({ page }) => {
      await wear(page, look);
      await enter(page, scene);
      await page.goto('/app/');
      await page.locator(ready).first().waitFor({ timeout: 20_000 });
      await expectNoSidewaysScroll(page);
      await expectAccessible(page);
      await picture(page, look, shot(scene, look.name));
    });
  }

  test(`the doors in ${look.name} are accessible`, async ({ page }) => {
    await wear(page, look);
    for (const door of ['login', 'register']) {
      await page.goto(`/app/${door}`);
      await page.locator('h1').waitFor();
      await picture(page, look, shot(door, look.name));
      await expectNoSidewaysScroll(page);
      await expectAccessible(page);
    }
  });

  test(`what opens in ${look.name} is accessible`, async ({ page }) => {
    await wear(page, look);
    await enter(page, 'owner');
    await page.goto('/app/?view=table&sort=roas.desc');
    await page.locator('[data-state="ready"]').waitFor();
    // What lies behind an open part is covered by it, and out of reach until it closes.
    const open = async (name: string, within: string | undefined, press: () => Promise<void>) => {
      await press();
      if (within) await page.locator(within).waitFor();
      await page.waitForTimeout(200);
      await page.screenshot({ path: shot(name, look.name) });
      await expectNoSidewaysScroll(page);
      await expectAccessible(page, within);
      await page.keyboard.press('Escape');
    };
    const dialog = '[role="dialog"]';
    await open('table', undefined, async () => {});
    await open('ranges', dialog, () => page.getByRole('button', { name: /Date range/ }).click());
    await open('calendar', dialog, async () => {
      await page.getByRole('button', { name: /Date range/ }).click();
      await page.getByRole('button', { name: /Custom range/ }).click();
      await page.locator('.rdp-root').waitFor();
    });
    await open('comparisons', dialog, () =>
      page.getByRole('button', { name: /Comparison/ }).click(),
    );
    await open('freshness', dialog, () => page.locator('[data-freshness]').click());
    await open('live', dialog, () => page.locator('[data-live]').click());
    await open('account', '[role="menu"]', () =>
      page
        .locator('nav:visible')
        .getByRole('button', { name: /Account/ })
        .click(),
    );
    await open('formula', '[data-hint]', () => page.locator('[data-metric="cpa"]').focus());
    await page.goto('/app/no/such/page');
    await page.getByText('There is no such page').waitFor();
    await open('not-found', undefined, async () => {});
  });
}
