import { defineConfig, type PlaywrightTestConfig } from '@playwright/test';
import chromium from '@sparticuz/chromium';
import { demo } from './e2e/support/demo.ts';

const executablePath = process.env.CHROMIUM_PATH ?? (await chromium.executablePath());

// Of the packaged flags, those that a proof cannot use: one process for all pages breaks under
// load, and without web security the page's policy would not be tried.
const UNWANTED = [
  '--single-process',
  '--no-zygote',
  '--disable-web-security',
  '--allow-running-insecure-content',
  '--disable-site-isolation-trials',
];
const args = chromium.args.filter((flag) => !UNWANTED.includes(flag));

/** Two projects: `gallery` looks at every scene of the fixture server, `stack` proves a real one. */
const config: PlaywrightTestConfig = {
  testDir: './e2e',
  outputDir: './test-results',
  workers: 1,
  retries: 0,
  reporter: process.env.CI ? 'line' : 'list',
  timeout: 60_000,
  use: {
    // A bare machine has hardly a font; the browser's package brings Open Sans.
    launchOptions: { executablePath, args, env: { ...process.env, FONTCONFIG_PATH: '/tmp/fonts' } },
    locale: 'en-US',
    timezoneId: 'UTC',
    trace: 'retain-on-failure',
  },
  projects: [
    {
      name: 'gallery',
      testMatch: 'gallery/*.spec.ts',
      use: { baseURL: 'http://127.0.0.1:4179' },
    },
    {
      name: 'stack',
      testMatch: 'stack/*.spec.ts',
      use: { baseURL: process.env.BASE_URL ?? demo.url },
      timeout: 180_000,
    },
  ],
};

if (process.argv.some((word) => word.includes('gallery'))) {
  config.webServer = {
    command: 'npm run preview:fixtures',
    url: 'http://127.0.0.1:4179/app/',
    reuseExistingServer: true,
    timeout: 60_000,
  };
}

export default defineConfig(config);
