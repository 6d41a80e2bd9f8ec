const KEY = 'metricx.invitation';
let held: string | null = null;

/**
 * Keeps what stands behind an invitation link's `#`, so that it can leave the address bar (and the
 * history, and screens that are shared) and still be there after a log-in. The tab forgets it.
 */
export function keepToken(hash: string): void {
  held = hash.replace(/^#/, '');
  try {
    sessionStorage.setItem(KEY, held);
  } catch {
    // Kept until the page is loaded anew.
  }
}

/** The token, if it can be one at all; null where the link was opened without its end. */
export function heldToken(): string | null {
  try {
    held ??= sessionStorage.getItem(KEY);
  } catch {
    // Only what this page has heard.
  }
  return held && /^[\w-]{16,128}$/.test(held) ? held : null;
}

export function forgetToken(): void {
  held = null;
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // Nothing was kept.
  }
}
