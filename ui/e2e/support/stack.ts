import type { APIRequestContext, Page } from '@playwright/test';
import { demo, demoFile } from './demo.ts';

/** The running stack that is to be proved: by environment, else as its demo.json tells. */
export const stack = {
  url: need('BASE_URL', demo.url),
  sandbox: need('SANDBOX_URL', demo.sandbox?.meta.replace(/\/meta\/?$/, '')),
  email: need('OWNER_EMAIL', demo.owner?.email),
  password: need('OWNER_PASSWORD', demo.owner?.password),
  /** A shell command that restarts the API; it may return before the API answers again. */
  restartApi: process.env.RESTART_API_COMMAND,
};

/** In by the door that the form uses; a request without a browser's headers passes the CSRF check. */
export async function signIn(page: Page): Promise<void> {
  const answer = await page.request.post(`${stack.url}/auth/login`, {
    data: { email: stack.email, password: stack.password },
  });
  if (!answer.ok()) throw new Error(`log-in answered ${answer.status()}: ${await answer.text()}`);
}

/** Asks until `value` says what is wanted; `said` names it if time runs out. */
export async function until<T>(
  said: string,
  seconds: number,
  ask: () => Promise<T>,
  wanted: (value: T) => boolean,
): Promise<T> {
  const end = Date.now() + seconds * 1_000;
  for (;;) {
    const value = await ask();
    if (wanted(value)) return value;
    if (Date.now() > end)
      throw new Error(`not in ${seconds} s: ${said}; last: ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

export type Requests = APIRequestContext;

function need(name: string, fallback: string | undefined): string {
  const value = process.env[name] ?? fallback;
  if (value) return value.replace(/\/$/, '');
  throw new Error(`${name} is not set and ${demoFile} does not tell it; start the stack first`);
}
