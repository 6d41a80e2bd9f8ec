const DOMAIN = /^[a-z0-9][a-z0-9_-]*\.myshopify\.com$/;

/** A shop's domain from what people paste: its admin's address, the domain, or its name alone. */
export function shopDomain(typed: string): string | null {
  const text = typed.trim().toLowerCase();
  const admin = /^(?:https?:\/\/)?admin\.shopify\.com\/store\/([a-z0-9_-]+)/.exec(text)?.[1];
  const host = admin ?? text.replace(/^https?:\/\//, '').replace(/[/?#].*$/, '');
  const domain = host.includes('.') ? host : `${host}.myshopify.com`;
  return DOMAIN.test(domain) ? domain : null;
}
