/** The quarter-hours of one hour label from what was read of it; the product's rule, in Java. */
final class Quarters {
    static final long QUARTER = 900_000_000L;
    private static final int FIGURES = Reading.FIGURES;

    private Quarters() {}

    static int count(long length) {
        return (int) ((length + QUARTER - 1) / QUARTER);
    }

    /**
     * Per figure, shares of each quarter-hour that add up to the last reading's figure.
     *
     * `at[i]` and `figures[i * FIGURES …]` are reading i of n, from the oldest; written to `out`
     * as figure by figure, `count` shares each.
     */
    static void spread(long start, long length, int n, long[] at, long[] figures, long sign, long[] out) {
        int count = count(length);
        long end = start + length;
        for (int f = 0; f < FIGURES; f++) {
            long least = figures[(n - 1) * FIGURES + f];
            long[] totals = new long[n];
            for (int i = n - 1; i >= 0; i--) {
                least = Math.min(least, figures[i * FIGURES + f]);
                totals[i] = least;
            }
            long[] shares = new long[count];
            long known = 0, since = start;
            for (int i = 0; i < n; i++) {
                long until = Math.min(Math.max(at[i], start), end);
                long gain = totals[i] - known;
                known = totals[i];
                if (gain != 0) {
                    if (until <= since) {
                        long[] parts = split(gain, shares);
                        for (int q = 0; q < count; q++) {
                            shares[q] += parts[q];
                        }
                    } else {
                        int first = (int) ((since - start) / QUARTER);
                        int last = (int) ((until - 1 - start) / QUARTER);
                        if (first == last) {
                            shares[first] += gain;
                        } else {
                            long[] weights = new long[last - first + 1];
                            for (int q = first; q <= last; q++) {
                                long from = Math.max(since, start + q * QUARTER);
                                weights[q - first] = Math.min(until, start + (q + 1) * QUARTER) - from;
                            }
                            long[] parts = split(gain, weights);
                            for (int q = first; q <= last; q++) {
                                shares[q] += parts[q - first];
                            }
                        }
                    }
                }
                since = Math.max(since, until);
            }
            for (int q = 0; q < count; q++) {
                out[f * count + q] += sign * shares[q];
            }
        }
    }

    /** An amount >= 0 by weights, largest remainder; equal shares if all weights are zero. */
    private static long[] split(long amount, long[] weights) {
        int n = weights.length;
        long total = 0;
        for (long weight : weights) {
            total += weight;
        }
        long[] shares = new long[n];
        long[] rests = new long[n];
        long left = amount;
        for (int i = 0; i < n; i++) {
            long weight = total == 0 ? 1 : weights[i];
            long of = total == 0 ? n : total;
            shares[i] = amount * weight / of;
            rests[i] = amount * weight % of;
            left -= shares[i];
        }
        for (; left > 0; left--) {
            int most = 0;
            for (int i = 1; i < n; i++) {
                if (rests[i] > rests[most]) {
                    most = i;
                }
            }
            shares[most]++;
            rests[most] = -1;
        }
        return shares;
    }
}
