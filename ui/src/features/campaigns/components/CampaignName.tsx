import type { CampaignRow } from '@/api/contract.ts';
import { cx } from '@/components/ui/classes.ts';
import { statusWord } from '../columns.ts';

/** Name, platform and status; stays in view while the figures scroll. */
export function CampaignName({ row }: { row: CampaignRow }) {
  const name = row.name ?? `Campaign ${row.campaign_id}`;
  const active = row.status === 'ACTIVE';
  return (
    <th
      scope="row"
      className="sticky left-0 z-1 w-[30%] max-w-38 bg-surface px-4 py-2 text-left font-normal group-hover:bg-hover sm:max-w-80 sm:px-5"
    >
      <span className="line-clamp-2 break-words font-medium sm:line-clamp-1" title={name}>
        {name}
      </span>
      <span className="flex items-center gap-1.5 text-[12px] text-muted">
        <span
          aria-hidden="true"
          className={cx('size-1.5 rounded-full', active ? 'bg-good' : 'bg-ghost')}
        />
        {statusWord(row.status)}
        <span className="hidden capitalize sm:inline">· {row.provider}</span>
      </span>
    </th>
  );
}
