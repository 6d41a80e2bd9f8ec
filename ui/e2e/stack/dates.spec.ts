import { expect, test } from '@playwright/test';
import type { Dashboard } from '../../src/api/contract.ts';
import { RANGE_PRESETS } from '../../src/features/filters/presets.ts';
import { comparisonSpan, spanOf, todayIn } from '../../src/features/filters/ranges.ts';
import { signIn, stack } from '../support/stack.ts';

const MODES = [
  { key: 'dow', query: 'comparison=previous_period&match_weekdays=true' },
  { key: 'prev', query: 'comparison=previous_period&match_weekdays=false' },
  { key: 'yoy', query: 'comparison=previous_year&match_weekdays=false' },
] as const;

test('the dates that the pickers print are those that the API counts', async ({ page }) => {
  await signIn(page);
  for (const { range, timeframe } of RANGE_PRESETS) {
    for (const { key, query } of MODES) {
      const answer = await page.request.get(
        `${stack.url}/dashboard/unified?timeframe=${timeframe}&${query}`,
      );
      const told = (await answer.json()) as Dashboard;
      const span = spanOf(range, todayIn(told.range.zone));
      expect(told.range, timeframe).toMatchObject({ ...span });
      expect(told.comparison, `${timeframe} ${key}`).toMatchObject({
        ...comparisonSpan(key, range, span),
      });
    }
  }
});
