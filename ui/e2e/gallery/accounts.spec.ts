import { expect, type Page, test } from '@playwright/test';
import { CONSENT } from '../../dev/fixtures/connections.ts';
import { expectAccessible, expectNoSidewaysScroll } from '../support/axe.ts';
import { enter, refuseBlocked, shot } from '../support/gallery.ts';
import { LOOKS, picture, wear } from '../support/looks.ts';

interface Scene {
  /** Whose eyes: a scene of the fixture server; null for nobody who is logged in. */
  as: string | null;
  at: string;
  /** What must be on screen before it is looked at. */
  ready: string;
  cookie?: string;
}

const SCENES: Record<string, Scene> = {
  'connections-states': { as: 'states', at: 'connections', ready: 'text=Failing' },
  'connections-viewer': { as: 'viewer', at: 'connections', ready: 'text=You are a viewer here' },
  'connections-none': {
    as: 'needs-setup',
    at: 'connections',
    ready: 'text=Nothing is connected yet',
  },
  'connections-authorising': { as: 'authorising', at: 'connections', ready: 'text=Authorising' },
  'connections-choice': {
    as: 'needs-setup',
    at: `connections?consent=${CONSENT}&provider=meta`,
    ready: 'text=Defang Labs EU',
  },
  'connections-refused': {
    as: 'needs-setup',
    at: 'connections?problem=consent-refused&provider=meta',
    ready: 'text=Meta was not given leave',
  },
  'connections-reconnected': {
    as: 'owner',
    at: 'connections?reconnected=5b0e1c9e-0000-4000-8000-000000000001',
    ready: 'text=is connected again',
  },
  'connections-loading': { as: 'loading', at: 'connections', ready: '[aria-busy="true"]' },
  'connections-failed': {
    as: 'failed',
    at: 'connections',
    ready: 'text=Not available just now',
  },
  'settings-workspace': { as: 'owner', at: 'settings/workspace', ready: 'text=Made on' },
  'settings-workspace-viewer': {
    as: 'viewer',
    at: 'settings/workspace',
    ready: 'text=Owners and admins change these',
  },
  'settings-members': { as: 'owner', at: 'settings/members', ready: 'text=Whoever has the link' },
  'settings-members-alone': {
    as: 'alone',
    at: 'settings/members',
    ready: 'text=You are the last owner',
  },
  'settings-members-viewer': {
    as: 'viewer',
    at: 'settings/members',
    ready: 'text=Owners and admins invite people',
  },
  'settings-you': { as: 'owner', at: 'settings/you', ready: 'text=Firefox on Linux' },
  'settings-keys': { as: 'owner', at: 'settings/keys', ready: 'text=Looker' },
  'settings-log': { as: 'owner', at: 'settings/log', ready: 'text=Load older changes' },
  'settings-log-admin': { as: 'admin', at: 'settings/log', ready: 'text=Owners read the log' },
  'no-workspace': { as: 'nowhere', at: '', ready: 'text=Make a workspace' },
  'door-clerk': { as: null, at: 'login', ready: 'text=Continue with Clerk', cookie: 'door=clerk' },
  'invitation-out': {
    as: null,
    at: 'invitation#open-invitation-0',
    ready: 'text=Log in to join',
  },
  'invitation-in': {
    as: 'owner',
    at: 'invitation#open-invitation-0',
    ready: 'role=button[name="Join Otter & Oak"]',
  },
  'invitation-another': {
    as: 'owner',
    at: 'invitation#bound-invitation',
    ready: 'text=This invitation is for somebody else',
  },
  'invitation-over': {
    as: null,
    at: 'invitation#over-invitation-0',
    ready: 'text=This invitation is over',
  },
  'invitation-unknown': {
    as: 'owner',
    at: 'invitation#unknown-invitation',
    ready: 'text=No such invitation',
  },
  'invitation-cut': { as: null, at: 'invitation', ready: 'text=This link is not whole' },
};
/** What is looked at in every width; the others in the usual four. */
const EVERYWHERE = [
  'connections-states',
  'settings-members',
  'settings-workspace',
  'settings-keys',
];

refuseBlocked();

for (const look of LOOKS) {
  for (const [name, scene] of Object.entries(SCENES)) {
    if (['narrow', 'tablet'].includes(look.name) && !EVERYWHERE.includes(name)) continue;
    test(`${name} in ${look.name} is whole and accessible`, async ({ page, baseURL }) => {
      await wear(page, look);
      if (scene.as) await enter(page, scene.as);
      const [cookie, value] = scene.cookie?.split('=') ?? [];
      if (cookie && value && baseURL)
        await page.context().addCookies([{ name: cookie, value, url: baseURL }]);
      await page.goto(`/app/${scene.at}`);
      await page.locator(scene.ready).first().waitFor({ timeout: 20_000 });
      await expectNoSidewaysScroll(page);
      await expectAccessible(page);
      await expectRoomForThumbs(page);
      await picture(page, look, shot(name, look.name));
    });
  }

  test(`what the doors refuse in ${look.name} is said in place`, async ({ page }) => {
    await wear(page, look);
    const refused = async (door: string, password: string, press: string, said: RegExp) => {
      await page.goto(`/app/${door}`);
      await page.getByLabel('E-mail').fill('owner@example.com');
      await page.getByLabel('Password').fill(password);
      await page.getByRole('button', { name: press }).click();
      await page.getByText(said).first().waitFor();
      await expectNoSidewaysScroll(page);
      await expectAccessible(page);
      await picture(page, look, shot(`${door}-refused`, look.name));
    };
    await refused('login', 'too many', 'Log in', /^Try again in \d+ s/);
    await refused('register', 'password', 'Make the account', /others will try it/);
  });

  test(`what opens over accounts in ${look.name} is accessible`, async ({ page }) => {
    await wear(page, look);
    await enter(page, 'states');
    const opened = async (name: string, within: string) => {
      await page.locator(within).waitFor();
      await page.waitForTimeout(200);
      await page.screenshot({ path: shot(name, look.name) });
      await expectNoSidewaysScroll(page);
      await expectAccessible(page, within);
      await page.keyboard.press('Escape');
      await page.locator(within).waitFor({ state: 'detached' });
    };
    const dialog = '[role="dialog"]';
    const menu = '[role="menu"]';

    await page.goto('/app/connections');
    const healthy = page.getByRole('article', { name: 'Defang Labs', exact: true });
    const more = healthy.getByRole('button', { name: /^More/ });
    await more.click();
    await opened('card-menu', menu);
    await expect(more).toBeFocused();
    await more.click();
    await page.getByRole('menuitem', { name: 'Disconnect…' }).click();
    await opened('disconnect', dialog);
    await more.click();
    await page.getByRole('menuitem', { name: 'Rename…' }).click();
    await opened('rename', dialog);

    await page
      .locator('nav:visible')
      .getByRole('button', { name: /Account/ })
      .click();
    await page.getByRole('menuitem', { name: 'New workspace…' }).click();
    await opened('new-workspace', dialog);

    await page.goto('/app/settings/workspace');
    await page.getByLabel('Time zone', { exact: true }).fill('new y');
    await page.getByRole('option', { name: /America\/New York/ }).waitFor();
    await opened('zones', '[role="listbox"]');

    await page.goto('/app/settings/members');
    await page.getByRole('button', { name: 'Make an invitation link' }).click();
    await opened('invitation-link', dialog);
    await page.goto('/app/settings/keys');
    await page.getByLabel('Name', { exact: true }).fill('Looker');
    await page.getByRole('button', { name: 'Make a key' }).click();
    await opened('key', dialog);
  });
}

/** Whatever is pressed measures 24 px or more both ways; links within sentences are as their line. */
async function expectRoomForThumbs(page: Page): Promise<void> {
  const small = await page.evaluate(() =>
    [...document.querySelectorAll('button, select, input:not([type=hidden]), a:not(p a, li p a)')]
      .map((each) => ({ box: each.getBoundingClientRect(), each }))
      .filter(({ box, each }) => {
        const isShown = box.width > 1 && box.height > 1;
        const labelled = each.closest('label')?.getBoundingClientRect();
        const tall = Math.max(box.height, labelled?.height ?? 0);
        return isShown && (tall < 24 || Math.max(box.width, labelled?.width ?? 0) < 24);
      })
      .filter(({ each }) => getComputedStyle(each).display !== 'inline')
      .map(({ each, box }) => `${each.outerHTML.slice(0, 80)} ${box.width}×${box.height}`),
  );
  expect(small).toEqual([]);
}
