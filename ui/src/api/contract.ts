/** The names by which features know the API's shapes; all are generated from its OpenAPI. */
import type {
  ConnectionCard,
  CurrentWorkspace,
  Kpi,
  Me,
  NewApiKey,
  ReadDashboardData,
  StartConsentData,
} from './generated';

export type {
  AdAccount,
  AuditEntry,
  AuditPage,
  AuthMode,
  CampaignRow,
  Caution,
  Changed,
  Comparison,
  ConnectableProvider,
  ConnectionCard,
  ConnectionList,
  Credentials,
  CurrentWorkspace,
  Dashboard,
  Delta,
  Freshness,
  InvitationPreview,
  Kpi,
  LiveEvent,
  MadeApiKey,
  MadeInvitation,
  Me,
  NewApiKey,
  NewInvitation,
  NewUser,
  NewWorkspace,
  OwnSession,
  Point,
  ProviderChart,
  Range,
  Remainder,
  SpendShare,
  WorkspaceApiKey,
  WorkspaceChange,
  WorkspaceChoice,
  WorkspaceDetails,
  WorkspaceInvitation,
  WorkspaceMember,
} from './generated';

export type DashboardQuery = NonNullable<ReadDashboardData['query']>;
export type Unit = Kpi['unit'];
export type Better = Kpi['better'];
export type Grain = 'hour' | 'day';
/** A value for each metric id; null where it cannot be said. */
export type MetricValues = Record<string, number | null>;
/** Somebody who acts in a workspace: what all pages with figures need. */
export type Acting = Me & { workspace: CurrentWorkspace };
export type Role = CurrentWorkspace['role'];
export type WeekStart = CurrentWorkspace['week_start'];
export type ProviderName = StartConsentData['path']['provider'];
export type CardState = ConnectionCard['state'];
export type Scope = NewApiKey['scopes'][number];
