import { History } from 'lucide-react';
import type { Problem } from '@/api/problem.ts';
import { useNow } from '@/components/useNow.ts';
import { formatAge } from '@/format/dates.ts';

interface Props {
  problem: Problem | null;
  toldAt: number;
  /** What could not be renewed, as a sentence begins. */
  what?: string;
}

/** Says that what is on screen could not be renewed, and how old it is. */
export function StaleNote({ problem, toldAt, what = 'These figures are' }: Props) {
  return (
    <div role="status">
      {problem && (
        <p className="mb-4 flex items-start gap-2.5 rounded-lg bg-warn-soft px-3.5 py-2.5 text-[13px] text-warn">
          <History aria-hidden="true" size={16} className="mt-0.5 shrink-0" />
          <span>
            <strong className="font-semibold">
              {what} from <Age since={toldAt} />.
            </strong>{' '}
            {problem.title}. metricx keeps trying.
          </span>
        </p>
      )}
    </div>
  );
}

function Age({ since }: { since: number }) {
  const now = useNow(10_000);
  const age = formatAge(Math.max(0, now - since) / 1_000);
  return age === 'just now' ? 'a moment ago' : age;
}
