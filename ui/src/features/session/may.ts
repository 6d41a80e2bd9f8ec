import type { Role } from '@/api/contract.ts';

/** What a role may do; the server decides, this only spares people buttons that would be refused. */
export type Action =
  | 'manage-connections'
  | 'edit-workspace'
  | 'manage-members'
  | 'manage-keys'
  | 'read-audit';

const ADMINS: readonly Role[] = ['owner', 'admin'];

const ALLOWED: Record<Action, readonly Role[]> = {
  'manage-connections': ADMINS,
  'edit-workspace': ADMINS,
  'manage-members': ADMINS,
  'manage-keys': ADMINS,
  'read-audit': ['owner'],
};

export const may = (role: Role, action: Action): boolean => ALLOWED[action].includes(role);

/** Who may, in words: "Owners and admins". */
export const whoMay = (action: Action): string =>
  ALLOWED[action].includes('admin') ? 'Owners and admins' : 'Owners';

/** Owners alone touch owners. */
export const mayGive = (by: Role, role: Role): boolean =>
  may(by, 'manage-members') && (by === 'owner' || role !== 'owner');

export const ROLES: readonly Role[] = ['owner', 'admin', 'viewer'];

export const ROLE_NAMES: Record<Role, string> = {
  owner: 'Owner',
  admin: 'Admin',
  viewer: 'Viewer',
};

/** What a role is, for whoever chooses one. */
export const ROLE_MEANINGS: Record<Role, string> = {
  owner: 'may do everything, and reads the log of changes',
  admin: 'connects accounts, invites people and makes API keys',
  viewer: 'reads figures, connections and members',
};
