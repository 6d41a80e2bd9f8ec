import { ArrowDown, ArrowUp, ChevronsUpDown } from 'lucide-react';
import { cx } from '@/components/ui/classes.ts';
import type { MetricColumn } from '../columns.ts';

interface Props {
  column: MetricColumn;
  sorting: { id: string; desc: boolean } | undefined;
  onSort: (sort: string) => void;
}

/** A heading that orders the table: the best first, the worst at the second press. */
export function SortHead({ column, sorting, onSort }: Props) {
  const chosen = sorting?.id === column.metric;
  const falling = chosen ? !sorting.desc : column.better !== 'lower';
  const Arrow = chosen ? (sorting.desc ? ArrowDown : ArrowUp) : ChevronsUpDown;
  return (
    <th
      scope="col"
      aria-sort={chosen ? (sorting.desc ? 'descending' : 'ascending') : undefined}
      className="px-1 py-1 text-right font-medium last:pr-3"
    >
      <button
        type="button"
        onClick={() => onSort(`${column.metric}.${falling ? 'desc' : 'asc'}`)}
        className={cx(
          'inline-flex h-8 items-center gap-1 whitespace-nowrap rounded-md px-2 hover:bg-hover hover:text-ink',
          chosen && 'text-ink',
        )}
      >
        {column.label}
        <Arrow aria-hidden="true" size={13} className={chosen ? undefined : 'opacity-50'} />
      </button>
    </th>
  );
}
