import { defineConfig, type PlaywrightTestConfig } from '@playwright/test';
import chromium from '@sparticuz/chromium';

const executablePath = process.env.CHROMIUM_PATH ?? (await chromium.executablePath());

/** Two projects: `gallery` looks at every scene of the fixture server, `stack` proves a real one. */
const config: PlaywrightTestConfig = {
  testDir: './e2e',
  outputDir: './test-results',
  workers: 1,
  retries: 0,
  reporter: process.env.CI ? 'line' : 'list',
  timeout: 60_000,
  use: {
    launchOptions: { executablePath, args: chromium.args },
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
      use: { baseURL: process.env.BASE_URL ?? 'http://127.0.0.1:8000' },
      timeout: 180_000,
    },
  ],
};

if (!process.argv.some((word) => word.includes('stack'))) {
  config.webServer = {
    command: 'npm run preview:fixtures',
    url: 'http://127.0.0.1:4179/app/',
    reuseExistingServer: true,
    timeout: 60_000,
  };
}

export default defineConfig(config);
