import { Button } from '@/components/ui/Button.tsx';
import { cx } from '@/components/ui/classes.ts';
import { Pop } from '@/components/ui/Pop.tsx';
import { useNow } from '@/components/useNow.ts';
import { describeLive, spokenLive } from '../describe.ts';
import { useLive } from '../LiveProvider.tsx';

const DOTS = { green: 'bg-good', amber: 'bg-warn', grey: 'bg-ghost' };
const INKS = { green: 'text-good', amber: 'text-warn', grey: 'text-muted' };

/** Whether figures arrive by themselves; ages on its own clock when the stream falls silent. */
export function LiveDot() {
  const { status, retryNow } = useLive();
  const now = useNow(1_000);
  const { colour, label, detail, canRetry } = describeLive(status, now);
  return (
    <>
      <span role="status" className="sr-only">
        {spokenLive(status)}
      </span>
      <Pop
        title="Live connection"
        align="end"
        trigger={
          <button
            type="button"
            data-live={status.state}
            aria-label={`${label}. ${detail}`}
            className="inline-flex h-9 items-center gap-2 rounded-lg px-2 text-[12.5px] hover:bg-hover"
          >
            <span className="relative grid size-2 place-items-center">
              {colour === 'green' && (
                <span className="absolute size-2 animate-[ping_2s_cubic-bezier(0,0,0.2,1)_infinite] rounded-full bg-good opacity-60" />
              )}
              <span className={cx('relative size-2 rounded-full', DOTS[colour])} />
            </span>
            <span className={cx('figures font-medium', INKS[colour])}>{label}</span>
          </button>
        }
      >
        <div className="w-72 max-w-full p-4 text-[13px]">
          <p className={cx('figures font-medium', INKS[colour])}>{label}</p>
          <p className="mt-0.5 text-soft">{detail}</p>
          {canRetry && (
            <Button onClick={retryNow} className="mt-3">
              Try now
            </Button>
          )}
        </div>
      </Pop>
    </>
  );
}
