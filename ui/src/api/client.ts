import { client } from './generated/client.gen.ts';
import { Problem, problemFrom, unreachable } from './problem.ts';

/** Makes the generated client speak to this origin, and throw a `Problem` for anything but success. */
export function configureClient(): void {
  client.setConfig({ baseUrl: window.location.origin, credentials: 'same-origin' });
  client.interceptors.error.clear();
  client.interceptors.error.use((error, response, request) => {
    if (response?.ok) return error;
    if (response) return problemFrom(response.status, error, response.headers.get('retry-after'));
    if (request?.signal.aborted || error instanceof Problem) return error;
    return unreachable();
  });
}
