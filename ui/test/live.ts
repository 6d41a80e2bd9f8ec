import { HttpResponse, http } from 'msw';
import type { LiveEvent } from '../src/api/contract.ts';

/** The feed tells these snapshots at once and then stays open. */
export const feed = (told: readonly LiveEvent[]) =>
  http.get('*/live', () => {
    const text = told.map(
      (event) => `event: snapshot\nid: ${event.position}\ndata: ${JSON.stringify(event)}\n\n`,
    );
    const stream = new ReadableStream({
      start: (to) => to.enqueue(new TextEncoder().encode(text.join(''))),
    });
    return new HttpResponse(stream, { headers: { 'content-type': 'text/event-stream' } });
  });
