import { defineConfig, type PlaywrightTestConfig } from '@playwright/test';
import chromium from '@sparticuz/chromium';
import { demo } from './e2e/support/demo.ts';
import { freePort } from './e2e/support/freePort.ts';

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

const withGallery = process.argv.some((word) => word.includes('gallery'));
// Workers read this file again, and must find the same server.
if (withGallery) process.env.GALLERY_PORT = String(await freePort());
const gallery = `http://127.0.0.1:${process.env.GALLERY_PORT}`;

/** Two projects: `gallery` looks at every scene of the fixture server, `stack` proves a real one. */
const config: PlaywrightTestConfig = {
  testDir: './e2e',
  workers: 2,
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
      outputDir: './test-results/gallery',
      fullyParallel: true,
      use: { baseURL: gallery },
    },
    {
      name: 'stack',
      testMatch: 'stack/*.spec.ts',
      outputDir: './test-results/stack',
      workers: 1,
      use: { baseURL: process.env.BASE_URL ?? demo.url },
      timeout: 180_000,
    },
  ],
};

if (withGallery) {
  config.webServer = {
    command: `vite preview --host 127.0.0.1 --strictPort --port ${process.env.GALLERY_PORT}`,
    env: { METRICX_FIXTURES: '1' },
    url: `${gallery}/app/`,
    timeout: 60_000,
  };
}

export default defineConfig(config);
