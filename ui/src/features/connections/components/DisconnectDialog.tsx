import type { ConnectionCard } from '@/api/contract.ts';
import { asProblem } from '@/api/problem.ts';
import { ConfirmDialog } from '@/components/ui/ConfirmDialog.tsx';
import { useDisconnect } from '../api/connections.ts';

interface Props {
  card: ConnectionCard;
  platform: string;
  open: boolean;
  onClose: () => void;
}

export function DisconnectDialog({ card, platform, open, onClose }: Props) {
  const disconnect = useDisconnect();
  return (
    <ConfirmDialog
      title={`Disconnect ${card.label}?`}
      lead={
        <>
          <p>
            metricx stops reading this account. Its access is given back to {platform} and its token
            deleted, unless another connection needs them.
          </p>
          <p className="mt-2 font-medium text-ink">
            Its history is kept: all figures read so far stay in your reports. Connect it again at
            any time to go on.
          </p>
        </>
      }
      confirm={disconnect.isPending ? 'Disconnecting…' : 'Disconnect'}
      open={open}
      pending={disconnect.isPending}
      problem={disconnect.error ? asProblem(disconnect.error) : null}
      onConfirm={() => disconnect.mutate(card, { onSuccess: onClose })}
      onClose={onClose}
    />
  );
}
