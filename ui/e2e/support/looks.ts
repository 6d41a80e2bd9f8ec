import type { Page } from '@playwright/test';

export interface Look {
  name: string;
  theme: 'light' | 'dark';
  width: number;
  height: number;
}

const ALL: readonly Look[] = [
  { name: 'light', theme: 'light', width: 1440, height: 900 },
  { name: 'dark', theme: 'dark', width: 1440, height: 900 },
  { name: 'mobile', theme: 'light', width: 375, height: 812 },
  { name: 'mobile-dark', theme: 'dark', width: 375, height: 812 },
  { name: 'narrow', theme: 'light', width: 320, height: 640 },
  { name: 'tablet', theme: 'light', width: 820, height: 1180 },
];

/** All of them, or those that `LOOKS` names, with commas. */
export const LOOKS = ALL.filter(({ name }) =>
  (process.env.LOOKS ?? name).split(',').includes(name),
);

/**
 * The whole page. A picture that is taller than the window would be taken while charts are still
 * being measured anew, so the window grows first.
 */
export async function picture(page: Page, { width, height }: Look, path: string): Promise<void> {
  const whole = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.setViewportSize({ width, height: Math.max(whole, height) });
  await page.waitForTimeout(300);
  await page.screenshot({ path });
  await page.setViewportSize({ width, height });
}

/** Dresses the page before it loads; stillness keeps pictures and contrast checks the same. */
export async function wear(page: Page, look: Look): Promise<void> {
  await page.setViewportSize({ width: look.width, height: look.height });
  await page.emulateMedia({ colorScheme: look.theme, reducedMotion: 'reduce' });
}
