import { client } from './generated/client.gen.ts';
import { Problem, problemFrom, unreachable } from './problem.ts';

/** Makes the generated client speak to this origin, and throw a `Problem` for anything but success. */
export function configureClient(): void {
  client.setConfig({ baseUrl: window.location.origin, credentials: 'same-origin' });
  client.interceptors.error.clear();
  client.interceptors.error.use((error, response, request) => {
    if (response) return response.ok ? error : problemFrom(response.status, error);
    if (request?.signal.aborted || error instanceof Problem) return error;
    return unreachable();
  });
}
