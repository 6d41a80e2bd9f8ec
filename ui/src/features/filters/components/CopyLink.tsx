import { Check, Link2 } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/ui/Button.tsx';
import { fixedLink } from '../fixedLink.ts';
import type { FilterState } from '../useFilters.ts';

/** For whoever must see these very days, tomorrow too: presets in a link move on with the calendar. */
export function CopyLink({ state }: { state: FilterState }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    const link = fixedLink(window.location.href, state.filters);
    await navigator.clipboard.writeText(link).then(
      () => setCopied(true),
      () => window.prompt('Copy this link', link), // the browser does not let us
    );
  };
  return (
    <Button look="quiet" onClick={copy} className="h-8">
      {copied ? <Check aria-hidden="true" size={14} /> : <Link2 aria-hidden="true" size={14} />}
      <span aria-live="polite">{copied ? 'Link copied' : 'Copy a link to these very days'}</span>
    </Button>
  );
}
