import {
  Area,
  CartesianGrid,
  ComposedChart,
  Line,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import { formatTick } from '@/format/dates.ts';
import { formatFigure } from '@/format/figures.ts';
import { ChartTip } from './ChartTip.tsx';
import { GHOST_COLOUR, platformColour, TOTAL_COLOUR } from './colours.ts';
import type { ChartRow } from './rows.ts';
import { highest, ticksUpTo } from './scale.ts';
import type { Trend } from './trend.ts';

/** The main chart. Loaded apart from the first screen, for recharts is as large as the rest. */
export default function TrendChart(props: Trend) {
  const { rows, unit, currency, grain, zone, comparison, providers, title } = props;
  const ticks = ticksUpTo(highest(rows), unit);
  const lone = rows.filter((row) => row.value !== null).length === 1;
  return (
    <ResponsiveContainer width="100%" height="100%">
      <ComposedChart
        data={rows}
        margin={{ top: 12, right: 12, bottom: 0, left: 0 }}
        title={title}
        accessibilityLayer
      >
        <defs>
          <linearGradient id="trend-fill" x1="0" y1="0" x2="0" y2="1">
            <stop offset="0%" stopColor={TOTAL_COLOUR} stopOpacity={0.16} />
            <stop offset="100%" stopColor={TOTAL_COLOUR} stopOpacity={0} />
          </linearGradient>
        </defs>
        <CartesianGrid vertical={false} stroke="var(--grid)" />
        <XAxis
          dataKey="at"
          tickFormatter={(at: string) => formatTick(at, grain, zone)}
          tick={{ fill: 'var(--muted)', fontSize: 12 }}
          tickLine={false}
          axisLine={{ stroke: 'var(--line)' }}
          minTickGap={44}
          interval="equidistantPreserveStart"
          height={28}
          tickMargin={8}
        />
        <YAxis
          tickFormatter={(value: number) => formatFigure(value, unit, { currency, compact: true })}
          tick={{ fill: 'var(--muted)', fontSize: 12 }}
          tickLine={false}
          axisLine={false}
          width={62}
          ticks={ticks}
          domain={[0, ticks.at(-1) || 'auto']}
        />
        <Tooltip
          cursor={{ stroke: 'var(--line-strong)' }}
          isAnimationActive={false}
          content={<ChartTip {...props} />}
        />
        {comparison && (
          <Line
            dataKey="previous"
            name="Before"
            stroke={GHOST_COLOUR}
            strokeWidth={1.5}
            dot={false}
            activeDot={false}
            isAnimationActive={false}
            type="monotone"
          />
        )}
        {providers.length > 1 &&
          providers.flatMap(({ provider, label }, index) =>
            (['whole', 'open'] as const).map((part) => (
              <Line
                key={`${provider}/${part}`}
                dataKey={(row: ChartRow) =>
                  row[part] === null ? null : (row.providers[index] ?? null)
                }
                name={label}
                stroke={platformColour(index, providers.length)}
                strokeWidth={1.5}
                strokeDasharray={part === 'open' ? '4 4' : undefined}
                dot={false}
                activeDot={false}
                isAnimationActive={false}
                type="monotone"
              />
            )),
          )}
        <Area
          dataKey="whole"
          stroke={TOTAL_COLOUR}
          strokeWidth={2}
          fill="url(#trend-fill)"
          dot={lone ? { r: 3 } : false}
          activeDot={{ r: 4, stroke: 'var(--surface)', strokeWidth: 2 }}
          isAnimationActive={false}
          type="monotone"
        />
        <Line
          dataKey="open"
          stroke={TOTAL_COLOUR}
          strokeWidth={2}
          strokeDasharray="4 4"
          dot={lone ? { r: 3, strokeDasharray: '0' } : false}
          activeDot={false}
          isAnimationActive={false}
          type="monotone"
        />
      </ComposedChart>
    </ResponsiveContainer>
  );
}
