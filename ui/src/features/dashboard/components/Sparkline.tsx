import type { Point } from '@/api/contract.ts';

const WIDTH = 120;
const HEIGHT = 32;
const PAD = 2;

/** The shape of a series; the thin line behind is the other period, the dashed end is unfinished. */
export function Sparkline({ series }: { series: readonly Point[] }) {
  // Scaled by what is finished: an open day would press all others against the top.
  const values = series
    .flatMap(({ value, previous, partial }) => [partial ? null : value, previous])
    .filter(isNumber);
  if (series.length < 2 || values.length < 2) return <div className="h-8" />;
  const low = Math.min(...values);
  const high = Math.max(...values, low + 1e-9);
  const x = (index: number) => PAD + (index / (series.length - 1)) * (WIDTH - 2 * PAD);
  const y = (value: number) =>
    HEIGHT - PAD - clamp((value - low) / (high - low)) * (HEIGHT - 2 * PAD);
  const line = (points: [number, number | null][]) => path(points, x, y);

  const current = series.map((point, index): [number, number | null] => [index, point.value]);
  const firstOpen = series.findIndex((point) => point.partial);
  const wholeEnd = firstOpen === -1 ? series.length : firstOpen;
  const previous = series.map((point, index): [number, number | null] => [index, point.previous]);
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      className="h-8 w-full overflow-visible"
      aria-hidden="true"
      fill="none"
      strokeWidth="1.5"
      strokeLinejoin="round"
      strokeLinecap="round"
    >
      <path
        d={line(previous)}
        stroke="var(--ghost)"
        opacity="0.65"
        vectorEffect="non-scaling-stroke"
      />
      <path
        d={line(current.slice(0, wholeEnd))}
        stroke="var(--series-1)"
        vectorEffect="non-scaling-stroke"
      />
      {firstOpen > 0 && (
        <path
          d={line(current.slice(firstOpen - 1))}
          stroke="var(--series-1)"
          strokeDasharray="2.5 3"
          vectorEffect="non-scaling-stroke"
        />
      )}
    </svg>
  );
}

function path(
  points: [number, number | null][],
  x: (index: number) => number,
  y: (value: number) => number,
): string {
  let drawing = false;
  let d = '';
  for (const [index, value] of points) {
    if (value === null) {
      drawing = false;
      continue;
    }
    d += `${drawing ? 'L' : 'M'}${x(index).toFixed(1)} ${y(value).toFixed(1)}`;
    drawing = true;
  }
  return d;
}

const clamp = (share: number) => Math.min(1, Math.max(0, share));

const isNumber = (value: number | null): value is number => value !== null;
