import { fileURLToPath } from 'node:url';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { fixtureServer } from './dev/fixtureServer.ts';

const withFixtures = process.env.METRICX_FIXTURES === '1';
const api = process.env.METRICX_API ?? 'http://127.0.0.1:8000';
const apiPaths = [
  '/auth',
  '/workspaces',
  '/connections',
  '/dashboard',
  '/live',
  '/health',
  '/ready',
  '/openapi.json',
  '/problems',
];

export default defineConfig({
  base: '/app/',
  plugins: [react(), tailwindcss(), withFixtures && fixtureServer()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  server: withFixtures
    ? { port: 4178 }
    : { port: 4178, proxy: Object.fromEntries(apiPaths.map((path) => [path, api])) },
  build: { target: 'es2022', chunkSizeWarningLimit: 700, manifest: true },
  test: {
    environment: 'jsdom',
    environmentOptions: { jsdom: { url: 'http://localhost:3000/app/' } },
    setupFiles: ['./test/setup.ts'],
    include: ['src/**/*.test.{ts,tsx}'],
    restoreMocks: true,
    pool: 'forks',
    // jsdom has no layout, so a chart has no size there; the gallery looks at charts.
    onConsoleLog: (log) => !log.includes('of chart should be greater than 0'),
    maxWorkers: 2,
    testTimeout: 30_000,
  },
});
