/** Sends the browser to a page outside of this application; only ever by http(s). */
export function leaveFor(address: string): void {
  const { protocol, href } = new URL(address);
  if (!/^https?:$/.test(protocol)) throw new Error(`${protocol} is no way out of here`);
  window.location.assign(href);
}
