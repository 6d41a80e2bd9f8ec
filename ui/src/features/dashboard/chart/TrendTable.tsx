import { ScrollRegion } from '@/components/ui/ScrollRegion.tsx';
import { formatBucket } from '@/format/dates.ts';
import { formatFigure } from '@/format/figures.ts';
import { LACK_MARKS, previousLabel } from './rows.ts';
import type { Trend } from './trend.ts';

/** The chart's figures, newest first; all that the chart shows can be read here. */
export function TrendTable({
  title,
  rows,
  unit,
  currency,
  grain,
  zone,
  comparison,
  providers,
}: Trend) {
  const say = (value: number | null) => formatFigure(value, unit, { currency });
  const many = providers.length > 1;
  return (
    <ScrollRegion className="h-full overflow-auto" label={`${title}, as a table`}>
      <table className="w-full text-[13px]">
        <caption className="sr-only">{title}</caption>
        <thead className="sticky top-0 bg-surface text-left text-[12.5px] text-muted">
          <tr className="border-line border-b">
            <Head>{grain === 'day' ? 'Day' : 'Hour'}</Head>
            <Head figure>{many ? 'All' : (providers[0]?.label ?? 'Value')}</Head>
            {many &&
              providers.map(({ provider, label }) => (
                <Head key={provider} figure>
                  {label}
                </Head>
              ))}
            {comparison && <Head figure>Compared with</Head>}
          </tr>
        </thead>
        <tbody>
          {rows.toReversed().map((row) => (
            <tr key={row.at} className="border-line border-b last:border-0">
              <th scope="row" className="whitespace-nowrap px-3 py-1.5 text-left font-normal">
                {formatBucket(row.at, grain, zone)}
                {row.lack && <span className="text-muted"> · {LACK_MARKS[row.lack]}</span>}
              </th>
              <td className="figures px-3 text-right font-medium">{say(row.value)}</td>
              {many &&
                providers.map(({ provider }, index) => (
                  <td key={provider} className="figures px-3 text-right">
                    {say(row.providers[index] ?? null)}
                  </td>
                ))}
              {comparison && (
                <td className="figures whitespace-nowrap px-3 text-right text-muted">
                  {say(row.previous)}
                  {row.previousDay && (
                    <span className="ml-2 hidden sm:inline">{previousLabel(row)}</span>
                  )}
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

function Head({ children, figure = false }: { children: string; figure?: boolean }) {
  return (
    <th scope="col" className={`px-3 py-2 font-medium ${figure ? 'text-right' : ''}`}>
      {children}
    </th>
  );
}
