import type { AuditEntry } from '@/api/contract.ts';
import { ROLE_NAMES } from '@/features/session/may.ts';

type Say = (entry: AuditEntry) => string;

/** What happened, as a sentence goes on after who did it. */
const HAPPENED: Record<string, Say> = {
  'workspace.made': () => 'made the workspace',
  'workspace.changed': (entry) => changed(entry),
  'workspace.left': () => 'left the workspace',
  'member.joined': ({ details }) => `joined${as(details.role)}`,
  'member.removed': (entry) =>
    `removed ${target(entry)}${entry.details.because === 'clerk' ? ', whom Clerk deleted' : ''}`,
  'member.role-changed': (entry) =>
    `changed ${possessive(target(entry))} role${fromTo(entry.details.from, entry.details.to)}`,
  'invitation.made': ({ details }) => `made an invitation${forA(details.role)}`,
  'invitation.revoked': ({ details }) => `revoked an invitation${forA(details.role)}`,
  'key.made': (entry) => `made ${key(entry)}`,
  'key.revoked': (entry) => `revoked ${key(entry)}`,
  'connection.made': (entry) => `connected ${target(entry)}`,
  'connection.reconnected': (entry) => `connected ${target(entry)} again`,
  'connection.renamed': (entry) => `renamed a connection, now ${target(entry)}`,
  'connection.paused': (entry) => `paused ${target(entry)}`,
  'connection.resumed': (entry) => `resumed ${target(entry)}`,
  'connection.sync-asked': (entry) => `asked for a sync of ${target(entry)}`,
  'connection.disconnected': (entry) => `disconnected ${target(entry)}`,
  'consent.given': (entry) => `gave metricx access at ${platform(entry)}`,
  'consent.forgotten': (entry) =>
    `forgot an access to ${platform(entry)} for which no account was chosen`,
  'token.dead': (entry) => `found that ${platform(entry)} no longer accepts an access token`,
  'token.revoked': (entry) => `gave an access back to ${platform(entry)}`,
  'token.not-revoked': (entry) =>
    `could not give an access back to ${platform(entry)}, and deleted its token${because(entry)}`,
  'clerk.repaired': () => 'compared all people with Clerk',
};

/** A change as a sentence; one that this page does not know yet is told by its own words. */
export function sentenceOf(entry: AuditEntry): string {
  const happened = HAPPENED[entry.action];
  if (happened) return `${actorOf(entry)} ${happened(entry)}.`;
  const words = entry.action.replace(/[.-]/g, ' ');
  const what = named(entry);
  return `${actorOf(entry)}: ${words}${what ? ` (${what})` : ''}.`;
}

function actorOf({ actor }: AuditEntry): string {
  switch (actor.kind) {
    case 'system':
      return 'metricx';
    case 'api-key':
      return actor.name ? `The API key “${actor.name}”` : 'An API key';
    case 'user':
      return actor.name ?? 'Somebody who is gone';
  }
}

const NAMES: Record<string, string> = {
  name: 'name',
  zone: 'time zone',
  currency: 'currency',
  week_start: 'week start',
};

/** "changed the currency to EUR and the week start to Sunday". */
function changed({ details }: AuditEntry): string {
  const parts = Object.entries(details)
    .filter(([field]) => field in NAMES)
    .map(([field, value]) => `the ${NAMES[field]}${toOf(value)}`)
    .map((part) => part.replace(/\b(mon|satur|sun)day/g, (day) => day.replace(/^./, upper)));
  return parts.length > 0 ? `changed ${listed(parts)}` : 'changed the workspace';
}

const upper = (letter: string) => letter.toUpperCase();

/** Values are told as they are now, or as `{from, to}`. */
function toOf(value: unknown): string {
  if (typeof value === 'object' && value !== null && 'to' in value) {
    const { from, to } = value as { from?: unknown; to: unknown };
    return fromTo(from, to);
  }
  return fromTo(undefined, value);
}

function fromTo(from: unknown, to: unknown): string {
  const start = text(from);
  const end = text(to);
  return `${start ? ` from ${start}` : ''}${end ? ` to ${end}` : ''}`;
}

const listed = (parts: string[]): string =>
  parts.length < 2 ? parts.join() : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;

const as = (role: unknown): string =>
  typeof role === 'string' && role in ROLE_NAMES ? ` as ${role}` : '';

const forA = (role: unknown): string =>
  typeof role === 'string' && role in ROLE_NAMES
    ? ` for ${role === 'viewer' ? 'a' : 'an'} ${role}`
    : '';

const because = ({ details }: AuditEntry): string =>
  text(details.reason) ? ` (${text(details.reason)})` : '';

/** What has no name any more is told by its id, which nobody can read. */
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const named = ({ target }: AuditEntry): string | null =>
  target && !UUID.test(target) ? target : null;

const target = (entry: AuditEntry): string => named(entry) ?? 'something that is gone';
const key = (entry: AuditEntry): string => {
  const name = named(entry);
  return name ? `the API key “${name}”` : 'an API key';
};

const PLATFORMS: Record<string, string> = { meta: 'Meta', google: 'Google', shopify: 'Shopify' };
const platform = ({ details }: AuditEntry): string =>
  PLATFORMS[String(details.provider)] ?? 'a platform';

const possessive = (name: string): string => `${name}’${name.endsWith('s') ? '' : 's'}`;

const text = (value: unknown): string | null => (typeof value === 'string' && value ? value : null);
