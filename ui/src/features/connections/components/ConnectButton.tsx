import { Plus } from 'lucide-react';
import { useState } from 'react';
import type { ConnectableProvider } from '@/api/contract.ts';
import { asProblem } from '@/api/problem.ts';
import { Button } from '@/components/ui/Button.tsx';
import { useStartConsent } from '../api/connections.ts';
import { ShopDialog } from './ShopDialog.tsx';

interface Props {
  provider: ConnectableProvider;
  /** Whether something of it is connected already. */
  another: boolean;
}

/** Leads to the platform's consent page; a shop's is asked for first. */
export function ConnectButton({ provider: { provider, label, is_read }, another }: Props) {
  const start = useStartConsent();
  const [asking, setAsking] = useState(false);
  const failed = start.error && asProblem(start.error);
  return (
    <div className="flex flex-col items-start gap-1">
      <Button
        look={another || !is_read ? 'outline' : 'primary'}
        disabled={start.isPending}
        onClick={() => (provider === 'shopify' ? setAsking(true) : start.mutate({ provider }))}
      >
        <Plus aria-hidden="true" size={15} />
        {start.isPending
          ? `Going to ${label}…`
          : another
            ? `Connect more of ${label}`
            : `Connect ${label}`}
      </Button>
      <p role="alert" className="text-[13px] text-bad empty:hidden">
        {failed && (failed.detail ?? failed.title)}
      </p>
      {provider === 'shopify' && <ShopDialog open={asking} onClose={() => setAsking(false)} />}
    </div>
  );
}
