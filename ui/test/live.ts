import { HttpResponse, http } from 'msw';
import type { LiveEvent } from '../src/api/contract.ts';

/** The feed tells these snapshots at once and then stays open, or ends. */
export const feed = (told: readonly LiveEvent[], { ends = false } = {}) =>
  http.get('*/live', () => {
    const text = told.map(
      (event) =>
        `retry: 20\nevent: snapshot\nid: ${event.position}\ndata: ${JSON.stringify(event)}\n\n`,
    );
    const stream = new ReadableStream({
      start: (to) => {
        to.enqueue(new TextEncoder().encode(text.join('')));
        if (ends) to.close();
      },
    });
    return new HttpResponse(stream, { headers: { 'content-type': 'text/event-stream' } });
  });
