import { expect, type Page, test } from '@playwright/test';

/** Enters a scene of the fixture server. */
export async function enter(page: Page, scene: string): Promise<void> {
  const answer = await page.request.post('/auth/login', {
    data: { email: `${scene}@example.com`, password: 'right' },
  });
  expect(answer.ok()).toBe(true);
}

export const shot = (name: string, look: string) => `test-results/gallery/${name}.${look}.png`;

/** The policy that the API sends is sent here too; whatever it blocks is told on the console. */
export function refuseBlocked(): void {
  const blocked: string[] = [];
  test.beforeEach(({ page }) => {
    blocked.length = 0;
    page.on('console', (message) => {
      if (/content security policy/i.test(message.text())) blocked.push(message.text());
    });
    page.on('pageerror', (error) => blocked.push(error.message));
  });
  test.afterEach(() => expect(blocked).toEqual([]));
}
