import { type FormEvent, useState } from 'react';
import { asProblem } from '@/api/problem.ts';
import { Dialog } from '@/components/ui/Dialog.tsx';
import { Field } from '@/components/ui/Field.tsx';
import { FormProblem } from '@/components/ui/FormProblem.tsx';
import { SubmitButton } from '@/components/ui/SubmitButton.tsx';
import { useStartConsent } from '../api/connections.ts';
import { shopDomain } from '../shopDomain.ts';

interface Props {
  open: boolean;
  onClose: () => void;
}

/** Shopify's consent page is the shop's own, so it has to be known which shop. */
export function ShopDialog({ open, onClose }: Props) {
  const start = useStartConsent();
  const problem = start.error ? asProblem(start.error) : null;
  const [wrong, setWrong] = useState(false);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const shop = shopDomain(String(new FormData(event.currentTarget).get('shop')));
    setWrong(shop === null);
    if (shop) start.mutate({ provider: 'shopify', shop });
  };
  return (
    <Dialog
      title="Connect a shop"
      lead="Shopify then asks you, on the shop’s own page, whether metricx may read it."
      open={open}
      onClose={onClose}
    >
      <form onSubmit={submit} noValidate className="flex flex-col gap-4">
        <FormProblem problem={problem} />
        <Field
          label="The shop’s domain"
          name="shop"
          placeholder="your-shop.myshopify.com"
          autoCapitalize="none"
          spellCheck={false}
          note="It ends in .myshopify.com; in Shopify: Settings, Domains."
          error={
            wrong ? 'This is no shop’s domain; it looks like your-shop.myshopify.com.' : undefined
          }
        />
        <SubmitButton
          label="Go to Shopify"
          busy="Going there…"
          pending={start.isPending}
          problem={problem}
          className="self-end"
        />
      </form>
    </Dialog>
  );
}
