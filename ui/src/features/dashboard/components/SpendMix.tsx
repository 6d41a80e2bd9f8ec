import type { SpendShare } from '@/api/contract.ts';
import { Panel } from '@/components/ui/Panel.tsx';
import { formatMoney, formatShare, NO_FIGURE } from '@/format/figures.ts';
import { platformColour } from '../chart/colours.ts';

/** Where the money went, by platform. */
export function SpendMix({ slices, currency }: { slices: SpendShare[]; currency: string }) {
  return (
    <Panel title="Spend mix" note="By platform, in this range">
      <div className="px-4 pb-4 sm:px-5">
        <div
          aria-hidden="true"
          className="mt-2 flex h-2.5 gap-0.5 overflow-hidden rounded-full bg-sunken"
        >
          {slices.map(({ provider, share }, index) => (
            <span
              key={provider}
              style={{
                width: `${(share ?? 0) * 100}%`,
                background: platformColour(index, slices.length),
              }}
            />
          ))}
        </div>
        <ul className="mt-3 flex flex-col gap-2">
          {slices.map(({ provider, label, spend_micros, share }, index) => (
            <li key={provider} className="flex items-baseline gap-2 text-[13px]">
              <span
                aria-hidden="true"
                className="size-2 self-center rounded-full"
                style={{ background: platformColour(index, slices.length) }}
              />
              <span className="flex-1">{label}</span>
              <span className="figures font-medium">{formatMoney(spend_micros, currency)}</span>
              <span className="figures w-12 text-right text-muted">
                {share === null ? NO_FIGURE : formatShare(share, 0)}
              </span>
            </li>
          ))}
        </ul>
        {slices.length === 1 && (
          <p className="mt-3 text-[12.5px] text-muted">
            One platform is connected, so all spend is its own.
          </p>
        )}
      </div>
    </Panel>
  );
}
