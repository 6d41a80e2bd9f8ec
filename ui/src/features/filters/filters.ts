import type { DashboardQuery } from '@/features/dashboard/api/dashboard.ts';
import { RANGE_PRESETS } from './presets.ts';
import { comparisonSpan, type Span, spanOf } from './ranges.ts';
import type { ComparisonKey, Order, RangeKey, Search } from './search.ts';

/** What the page shows: every part settled. Address over stored preference over default. */
export interface Filters {
  range: RangeKey;
  span: Span;
  comparison: ComparisonKey;
  /** null when comparison is off. */
  against: Span | null;
}

export interface Preference {
  r?: RangeKey;
  cmp?: ComparisonKey;
}

export function settle(search: Search, preference: Preference, now: string): Filters {
  const range = search.r ?? preference.r ?? '28d';
  const span = spanOf(range, now, { from: search.from, to: search.to });
  const asked = search.cmp ?? preference.cmp ?? 'dow';
  const against = comparisonSpan(asked, range, span, { from: search.cfrom, to: search.cto });
  // A custom comparison without dates means nothing; the default stands in.
  const comparison = asked === 'custom' && !against ? 'dow' : asked;
  return {
    range,
    span,
    comparison,
    against: comparison === asked ? against : comparisonSpan(comparison, range, span),
  };
}

/** The filters as the query of `GET /dashboard/unified`; `order` chooses which campaigns are the top. */
export function dashboardQuery(filters: Filters, order: Order = 'spend'): DashboardQuery {
  const metric = order === 'spend' ? {} : { metric: order };
  return { ...rangeQuery(filters), ...comparisonQuery(filters), ...metric };
}

function rangeQuery({ range, span }: Filters): DashboardQuery {
  const preset = RANGE_PRESETS.find((one) => one.range === range);
  if (preset) return { timeframe: preset.timeframe };
  return { timeframe: 'custom', from: span.from, to: span.to };
}

function comparisonQuery({ comparison, against }: Filters): DashboardQuery {
  switch (comparison) {
    case 'off':
      return { comparison: 'off' };
    case 'dow':
      return { comparison: 'previous_period', match_weekdays: true };
    case 'prev':
      return { comparison: 'previous_period', match_weekdays: false };
    case 'yoy':
      return { comparison: 'previous_year', match_weekdays: false };
    case 'custom':
      return against
        ? { comparison: 'custom', comparison_from: against.from, comparison_to: against.to }
        : { comparison: 'off' };
  }
}
