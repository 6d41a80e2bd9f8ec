/** The names by which features know the API's shapes; all are generated from its OpenAPI. */
import type { CurrentWorkspace, Kpi, Me, ReadDashboardData } from './generated';

export type {
  CampaignRow,
  Caution,
  Changed,
  Comparison,
  Credentials,
  CurrentWorkspace,
  Dashboard,
  Delta,
  Freshness,
  Kpi,
  LiveEvent,
  Me,
  NewUser,
  Point,
  ProviderChart,
  Range,
  Remainder,
  SpendShare,
} from './generated';

export type DashboardQuery = NonNullable<ReadDashboardData['query']>;
export type Unit = Kpi['unit'];
export type Better = Kpi['better'];
export type Grain = 'hour' | 'day';
/** A value for each metric id; null where it cannot be said. */
export type MetricValues = Record<string, number | null>;
/** Somebody who acts in a workspace: what all pages with figures need. */
export type Acting = Me & { workspace: CurrentWorkspace };
