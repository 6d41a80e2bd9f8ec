/** The shapes that the API answers with, named once for every feature. */

export type Unit = 'money_micros' | 'count' | 'fraction' | 'ratio';
export type Better = 'higher' | 'lower' | 'neutral';
export type Grain = 'hour' | 'day';

export interface User {
  id: string;
  email: string;
  name: string;
}

export interface WorkspaceRef {
  id: string;
  name: string;
  is_demo: boolean;
  role: string;
}

export interface Workspace extends WorkspaceRef {
  currency: string;
  zone: string;
  week_start: number;
}

export interface Me {
  user: User;
  workspace: Workspace;
  workspaces: WorkspaceRef[];
}

export interface Delta {
  kind: 'percent' | 'points' | 'new' | 'none';
  /** A fraction: 0.12 is +12 % or +12 percentage points. */
  value: number | null;
  reason: string | null;
  /** Conversions of part of a day, shared out by clicks. */
  estimated?: boolean;
}

export interface SeriesPoint {
  at: string;
  value: number | null;
  previous: number | null;
  partial: boolean;
}

export interface Kpi {
  metric: string;
  label: string;
  unit: Unit;
  better: Better;
  formula: string;
  basis: string;
  value: number | null;
  previous: number | null;
  delta: Delta;
  series: SeriesPoint[];
}

export interface RangeMeta {
  timeframe: string;
  from: string;
  to: string;
  days: number;
  zone: string;
  grain: Grain;
}

export interface ComparisonMeta {
  mode: string;
  from: string;
  to: string;
  match_weekdays: boolean;
  elapsed_only: boolean;
}

export type Figures = Record<string, number | null>;

export interface ProviderSeries {
  provider: string;
  label: string;
  metrics: Record<string, (number | null)[]>;
}

export interface Charts {
  grain: Grain;
  buckets: { at: string; partial: boolean }[];
  providers: ProviderSeries[];
  totals: Record<string, { current: (number | null)[]; previous: (number | null)[] | null }>;
}

export interface CampaignRow {
  provider: string;
  account_id: string;
  campaign_id: string;
  name: string;
  status: string;
  metrics: Figures;
  previous: Figures | null;
  share_of_spend: number | null;
}

export interface TopCampaigns {
  rows: CampaignRow[];
  total: { metrics: Figures };
  other: { metrics: Figures; count: number } | null;
}

export interface MixSlice {
  provider: string;
  label: string;
  spend_micros: number;
  share: number | null;
}

export interface Freshness {
  connection_id: string;
  provider: string;
  account_id: string;
  label: string;
  status: 'fresh' | 'late' | 'failing' | 'waiting';
  last_success_at: string | null;
  data_from: string | null;
  data_through: string | null;
  lag_seconds: number | null;
  reason: string | null;
  next_step: string | null;
}

export interface DashboardMeta {
  generated_at: string;
  as_of: string | null;
  position: string;
  zone: string;
  currency: string;
  basis: string;
  attribution_window: string;
  formulas: Record<string, string>;
  freshness: Freshness[];
  partial: string[];
  warnings: { code: string; message: string }[];
}

export interface Dashboard {
  range: RangeMeta;
  comparison: ComparisonMeta | null;
  currency: string;
  kpis: Kpi[];
  charts: Charts;
  top_campaigns: TopCampaigns;
  spend_mix: MixSlice[];
  shop: { state: string };
  attribution: { state: string };
  state: 'needs-setup' | 'waiting-for-data' | 'has-data';
  meta: DashboardMeta;
}

export interface TodayTotals {
  provider: string;
  account_id: string;
  day: string;
  currency: string;
  spend_micros: number;
  impressions: number;
  clicks: number;
  link_clicks: number;
}

export interface Changed {
  projection: string;
  provider?: string | null;
  account_id?: string | null;
  days?: string[] | null;
}

export interface LivePayload {
  position: string;
  at: string;
  today: TodayTotals[];
  changed: Changed[];
}
