import { Link } from '@tanstack/react-router';
import { Compass } from 'lucide-react';

/** An address that leads nowhere; the frame stays, so every way back does too. */
export function NotFoundPage() {
  return (
    <div className="mx-auto flex max-w-md flex-col items-center gap-3 px-6 py-24 text-center">
      <title>Not found · metricx</title>
      <span className="grid size-12 place-items-center rounded-full bg-accent-soft text-accent">
        <Compass aria-hidden="true" size={24} />
      </span>
      <h1 className="font-semibold text-xl">There is no such page</h1>
      <p className="text-soft">
        The address may be mistyped, or the page may have moved. Your figures are where they were.
      </p>
      <Link
        to="/"
        className="mt-2 inline-flex h-9 items-center rounded-lg bg-accent px-4 font-medium text-[13px] text-accent-ink hover:brightness-110"
      >
        Go to the dashboard
      </Link>
    </div>
  );
}
