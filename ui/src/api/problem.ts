/** What went wrong, as RFC 9457 tells it; a lost network is a problem of ours with status 0. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string | null;
  readonly traceId: string | null;
  /** The server's page on what this means and what to do. */
  readonly page: string | null;
  readonly errors: FieldError[];
  /** The page's clock when one may try again; null where the server names no time. */
  readonly retryAt: number | null;

  constructor(parts: ProblemParts) {
    super(parts.detail ?? parts.title);
    this.name = 'Problem';
    this.status = parts.status;
    this.code = parts.code;
    this.title = parts.title;
    this.detail = parts.detail ?? null;
    this.traceId = parts.traceId ?? null;
    this.page = parts.page ?? null;
    this.errors = parts.errors ?? [];
    this.retryAt = parts.retryAt ?? null;
  }
}

export interface FieldError {
  pointer: string;
  message: string;
}

interface ProblemParts {
  status: number;
  code: string;
  title: string;
  detail?: string | null;
  traceId?: string | null;
  page?: string | null;
  errors?: FieldError[];
  retryAt?: number | null;
}

/** Whether time may mend it: no network, too many requests, a server in trouble. */
export const mayPass = ({ status }: Problem): boolean =>
  status === 0 || status === 429 || status >= 500;

export const unreachable = () =>
  new Problem({
    status: 0,
    code: 'unreachable',
    title: 'metricx cannot be reached',
    detail: 'The server did not answer. Your figures are safe; this page tries again by itself.',
  });

/** Reads a problem+json body; any other failure body still makes a problem that can be shown. */
export function problemFrom(
  status: number,
  body: unknown,
  retryAfter: string | null = null,
): Problem {
  const said = isRecord(body) ? body : {};
  return new Problem({
    status,
    code: text(said.code) ?? `http-${status}`,
    title: text(said.title) ?? `The server answered ${status}`,
    detail: text(said.detail),
    traceId: text(said.trace_id),
    page: pageOf(said.type),
    errors: Array.isArray(said.errors) ? said.errors.flatMap(fieldError) : [],
    retryAt: instantAfter(retryAfter),
  });
}

export const asProblem = (error: unknown): Problem =>
  error instanceof Problem
    ? error
    : new Problem({
        status: 0,
        code: 'unexpected',
        title: 'This part could not be shown',
        detail: error instanceof Error ? error.message : null,
      });

function fieldError(entry: unknown): FieldError[] {
  if (!isRecord(entry)) return [];
  const message = text(entry.message);
  return message ? [{ pointer: text(entry.pointer) ?? '', message }] : [];
}

/** Retry-After as an instant; the API says it in seconds. */
const instantAfter = (seconds: string | null): number | null =>
  seconds && /^\d{1,6}$/.test(seconds) ? Date.now() + Number(seconds) * 1_000 : null;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

/** Ours only: what an answer names elsewhere is no link of this page. */
const pageOf = (type: unknown): string | null =>
  typeof type === 'string' && /^\/problems\/[a-z-]+$/.test(type) ? type : null;

const text = (value: unknown): string | null =>
  typeof value === 'string' && value.length > 0 ? value : null;
