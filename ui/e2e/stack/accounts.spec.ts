import { type Browser, expect, type Page, test } from '@playwright/test';
import { expectAccessible, expectNoSidewaysScroll } from '../support/axe.ts';
import { tile } from '../support/dashboard.ts';
import { LOOKS, type Look, wear } from '../support/looks.ts';
import { go, hold } from '../support/sandbox.ts';
import { until } from '../support/stack.ts';

// From nothing to a number, by hand: sign-up, consent, accounts, invitation, switching.
const WORN = LOOKS.filter(({ name }) => name === 'light' || name === 'dark');
const PASSWORD = 'otters cross the river by night';
const ACCOUNT = 'Defang Labs';

test.afterAll(({ playwright }) => playwright.request.newContext().then(go));

for (const look of WORN) {
  test(`two people come from sign-up to the same number, in ${look.name}`, async ({
    page,
    browser,
  }) => {
    test.setTimeout(480_000);
    const run = `${look.name}-${Date.now().toString(36)}`;
    const workspace = `Otter ${run}`;
    await wear(page, look);

    // A workspace of one's own, with nothing connected.
    await page.goto('/app/register');
    await looked(page, 'Make an account');
    await signUp(page, { email: `ada-${run}@example.com`, name: 'Ada', workspace });
    await looked(page, 'No ad account is connected yet');

    // Not given leave: said, and nothing is connected.
    await page.getByRole('link', { name: 'Connect an ad account' }).click();
    await looked(page, 'Connections');
    await page.getByRole('button', { name: 'Connect Meta' }).click();
    await page.getByRole('button', { name: 'Refuse' }).click();
    await expect(page.getByText('Meta was not given leave')).toBeVisible();
    await looked(page, 'Connections');
    await expect(page.getByText('Nothing is connected yet')).toBeVisible();
    await page.getByRole('button', { name: 'Close this note' }).click();

    // Given leave: an account is chosen, and its card appears.
    await page.getByRole('button', { name: 'Connect Meta' }).click();
    await looked(page, /metricx would like/);
    await page.getByRole('button', { name: 'Approve' }).click();
    await looked(page, 'Choose accounts of Meta');
    expect(page.url()).toContain('/app/connections?');
    const account = page.getByRole('checkbox', { name: ACCOUNT, exact: true });
    await account.check();
    await page.getByRole('button', { name: 'Connect 1 account' }).click();
    await expect(page.getByText(`Connected: ${ACCOUNT}`)).toBeVisible();
    await expect(cardOf(page)).toBeVisible();
    await looked(page, 'Connections');
    expect(new URL(page.url()).search).toBe('');

    // What it spent appears, by itself.
    await openNavigation(page, 'Dashboard');
    await expect(tile(page, 'spend')).toHaveText(/\d/, { timeout: 180_000 });
    await page.locator('[data-state="ready"] .recharts-surface').first().waitFor();
    await looked(page, 'Is my ad money working?');

    // A colleague, in a browser of their own, comes by the link and sees the same.
    const link = await invite(page);
    const colleague = await browserOf(browser, look);
    await colleague.goto(link);
    await looked(colleague, `Join ${workspace}`);
    expect(colleague.url()).not.toContain('#');
    await colleague.getByRole('link', { name: 'Make an account to join' }).click();
    await signUp(colleague, {
      email: `grace-${run}@example.com`,
      name: 'Grace',
      workspace: `Grace’s ${run}`,
    });
    await colleague.getByRole('button', { name: `Join ${workspace}` }).click();
    await hold(page.request); // with the simulated clock held, figures come to stand still
    await openNavigation(page, 'Dashboard');
    for (const each of [page, colleague])
      await expect(tile(each, 'spend')).toHaveText(/\d/, { timeout: 60_000 });
    await until(
      'both see the same spend',
      120,
      () => Promise.all([page, colleague].map((each) => tile(each, 'spend').textContent())),
      ([own, theirs]) => own === theirs,
    );
    await go(page.request);

    // A viewer looks, and does nothing.
    await openNavigation(colleague, 'Connections');
    await expect(cardOf(colleague)).toBeVisible();
    await expect(colleague.getByText(/You are a viewer here/)).toBeVisible();
    await expect(colleague.getByRole('button', { name: /^(Sync|Pause|Connect)/ })).toHaveCount(0);
    await looked(colleague, 'Connections');

    // In the workspace of their own, nothing of the other is to be seen.
    await enterWorkspace(colleague, `Grace’s ${run}`);
    await expect(colleague.getByText('Nothing is connected yet')).toBeVisible();
    await expect(cardOf(colleague)).toHaveCount(0);
    await openNavigation(colleague, 'Dashboard');
    await looked(colleague, 'No ad account is connected yet');

    // The link was for one; whoever comes later is told so.
    const late = await browserOf(browser, look);
    await late.goto(link);
    await looked(late, 'This invitation is over');

    // What happened stands in the log.
    await page.goto('/app/settings/log');
    await expect(page.getByText(`Ada connected ${ACCOUNT}`, { exact: false })).toBeVisible();
    await expect(page.getByText('Grace joined as viewer.')).toBeVisible();
    await looked(page, 'Settings: Log');
    for (const section of ['Workspace', 'Members', 'You', 'API keys']) {
      await page.getByRole('navigation', { name: 'Settings' }).getByText(section).click();
      await looked(page, `Settings: ${section}`);
    }
    for (const each of [colleague, late]) await each.context().close();
  });
}

const cardOf = (page: Page) => page.getByRole('article', { name: new RegExp(`^${ACCOUNT}`) });

/** The page with this heading is there, whole and accessible. */
async function looked(page: Page, heading: string | RegExp): Promise<void> {
  await page.getByRole('heading', { name: heading }).first().waitFor();
  await expect(page.locator('[aria-busy="true"]')).toHaveCount(0);
  await expectNoSidewaysScroll(page);
  await expectAccessible(page);
}

interface Person {
  email: string;
  name: string;
  workspace: string;
}

async function signUp(page: Page, { email, name, workspace }: Person): Promise<void> {
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByLabel('Your name (optional)').fill(name);
  await page.getByLabel('Name of the workspace (optional)').fill(workspace);
  await page.getByRole('button', { name: 'Make the account' }).click();
}

/** A link that lets one person in as a viewer. */
async function invite(page: Page): Promise<string> {
  await page.goto('/app/settings/members');
  await looked(page, 'Settings: Members');
  await page.getByRole('button', { name: 'Make an invitation link' }).click();
  const link = await page.getByLabel('Link', { exact: true }).inputValue();
  await expectAccessible(page, '[role="dialog"]');
  await page.getByRole('button', { name: 'Done' }).click();
  return link;
}

async function openNavigation(page: Page, name: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name }).click();
}

async function enterWorkspace(page: Page, name: string): Promise<void> {
  await page
    .getByRole('navigation', { name: 'Pages' })
    .getByRole('button', { name: /^Account/ })
    .click();
  await page.getByRole('menuitemradio', { name }).click();
  await expect(page.locator('header').getByText(name)).toBeVisible();
}

/** Another browser: it shares no cookie with the first. */
async function browserOf(browser: Browser, look: Look): Promise<Page> {
  const context = await browser.newContext({ locale: 'en-US', timezoneId: 'UTC' });
  const page = await context.newPage();
  await wear(page, look);
  return page;
}
