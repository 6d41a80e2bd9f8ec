import { problemFrom, unreachable } from './problem.ts';

interface Options {
  method?: 'GET' | 'POST';
  query?: Record<string, string | undefined>;
  body?: unknown;
  signal?: AbortSignal;
}

/** Asks the API at the root of this origin; throws a `Problem` for anything but success. */
export async function request<T>(path: string, options: Options = {}): Promise<T> {
  const response = await answer(path, options);
  const body = await bodyOf(response);
  if (!response.ok) throw problemFrom(response.status, body);
  return body as T;
}

async function answer(path: string, { method = 'GET', query, body, signal }: Options) {
  try {
    return await fetch(withQuery(path, query), {
      method,
      signal,
      credentials: 'same-origin',
      headers: {
        accept: 'application/json, application/problem+json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw unreachable();
  }
}

function withQuery(path: string, query: Options['query']): string {
  const given = Object.entries(query ?? {}).filter((pair): pair is [string, string] => !!pair[1]);
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given)}`;
}

async function bodyOf(response: Response): Promise<unknown> {
  const text = await response.text();
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
