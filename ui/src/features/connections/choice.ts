import type { AdAccount } from '@/api/contract.ts';

/** Whether an account can be chosen: the platform lets it be read, and it is not connected yet. */
export const isFree = ({ is_open, connection_id }: AdAccount): boolean => is_open && !connection_id;

/** Where only one can be meant, it is chosen beforehand. */
export function chosenAtFirst(accounts: readonly AdAccount[]): ReadonlySet<string> {
  const free = accounts.filter(isFree);
  return new Set(free.length === 1 ? free.map(({ account_id }) => account_id) : []);
}

/** "Connect 2 accounts". */
export const connectLabel = (count: number): string =>
  count === 0
    ? 'Choose an account'
    : count === 1
      ? 'Connect 1 account'
      : `Connect ${count} accounts`;
