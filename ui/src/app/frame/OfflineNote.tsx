import { WifiOff } from 'lucide-react';
import { useOnline } from '@/components/useOnline.ts';

/** Says that the device has no network; the figures on screen stay. */
export function OfflineNote() {
  const online = useOnline();
  return (
    <div role="status">
      {!online && (
        <p className="flex items-center justify-center gap-2 border-line border-b bg-sunken px-4 py-1.5 text-[12.5px] text-soft">
          <WifiOff aria-hidden="true" size={14} />
          You are offline. The figures below are the last ones received.
        </p>
      )}
    </div>
  );
}
