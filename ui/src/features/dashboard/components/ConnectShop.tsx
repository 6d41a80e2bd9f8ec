import { Store } from 'lucide-react';
import { Panel } from '@/components/ui/Panel.tsx';

/** What only a shop's orders could say; no figure is made up for it. */
export function ConnectShop() {
  return (
    <Panel title="Shop and attribution">
      <div className="flex gap-3 px-4 pb-4 sm:px-5">
        <span className="mt-1 grid size-9 shrink-0 place-items-center rounded-lg bg-sunken text-muted">
          <Store aria-hidden="true" size={18} />
        </span>
        <div className="text-[13px] text-soft">
          <p className="font-medium text-ink">Connect a shop</p>
          <p className="mt-0.5">
            Net revenue, orders, profit and attribution need the shop’s own orders. Until one is
            connected, revenue and ROAS here are what the ad platforms claim.
          </p>
          <p className="mt-1.5 text-[12.5px] text-muted">
            A shop can be connected; this version reads no orders of it yet.
          </p>
        </div>
      </div>
    </Panel>
  );
}
