import { existsSync, readFileSync } from 'node:fs';

interface Demo {
  url: string;
  owner: { email: string; password: string };
  sandbox: { meta: string };
}

/** What a running demo tells about itself; empty where none runs. */
export const demoFile =
  process.env.METRICX_DEMO_JSON ?? new URL('../../../.metricx/demo.json', import.meta.url).pathname;

export const demo: Partial<Demo> = existsSync(demoFile)
  ? JSON.parse(readFileSync(demoFile, 'utf8'))
  : {};
