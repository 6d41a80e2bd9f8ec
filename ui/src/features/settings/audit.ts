import type { AuditEntry } from '@/api/contract.ts';
import { ROLE_NAMES } from '@/features/session/may.ts';

type Say = (entry: AuditEntry) => string;

/** What happened, as a sentence goes on after who did it. */
const HAPPENED: Record<string, Say> = {
  'workspace.made': () => 'made the workspace',
  'workspace.changed': (entry) => changed(entry),
  'member.joined': ({ details }) => `joined${as(details.role)}`,
  'member.left': () => 'left the workspace',
  'member.removed': (entry) => `removed ${target(entry)}`,
  'member.role-changed': (entry) =>
    `changed ${possessive(target(entry))} role${fromTo(entry.details.from, entry.details.to)}`,
  'invitation.made': ({ details }) => `made an invitation${forA(details.role)}`,
  'invitation.revoked': () => 'revoked an invitation',
  'invitation.accepted': ({ details }) => `accepted an invitation${as(details.role)}`,
  'api-key.made': (entry) => `made the API key ${quoted(entry)}`,
  'api-key.revoked': (entry) => `revoked the API key ${quoted(entry)}`,
  'connection.connected': (entry) => `connected ${target(entry)}`,
  'connection.reconnected': (entry) => `connected ${target(entry)} again`,
  'connection.renamed': (entry) =>
    `renamed ${target(entry)}${fromTo(entry.details.from, entry.details.to)}`,
  'connection.paused': (entry) => `paused ${target(entry)}`,
  'connection.resumed': (entry) => `resumed ${target(entry)}`,
  'connection.sync-asked': (entry) => `asked for a sync of ${target(entry)}`,
  'connection.disconnected': (entry) =>
    `disconnected ${target(entry)}${entry.details.revoked === false ? '; the platform could not be told' : ''}`,
  'connection.failing': (entry) => `found that ${target(entry)} fails${because(entry)}`,
  'token.renewed': (entry) => `renewed the access to ${target(entry)}`,
  'token.died': (entry) => `found the access to ${target(entry)} dead${because(entry)}`,
};

/** A change as a sentence; one that this page does not know yet is told by its own words. */
export function sentenceOf(entry: AuditEntry): string {
  const happened = HAPPENED[entry.action];
  if (happened) return `${actorOf(entry)} ${happened(entry)}.`;
  const words = entry.action.replace(/[.-]/g, ' ');
  return `${actorOf(entry)}: ${words}${entry.target ? ` (${entry.target})` : ''}.`;
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

const target = (entry: AuditEntry): string => entry.target ?? 'something that is gone';
const quoted = (entry: AuditEntry): string => (entry.target ? `“${entry.target}”` : 'that is gone');
const possessive = (name: string): string => `${name}’${name.endsWith('s') ? '' : 's'}`;

const text = (value: unknown): string | null => (typeof value === 'string' && value ? value : null);
