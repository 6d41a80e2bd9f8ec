import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/** Registers first, then every row that they move, by new minus old. */
final class AdsProcessor extends ContextualProcessor<Bytes, Reading, Void, Void> {
    static final String[] LEVELS = {"account", "campaign", "adset", "ad"};

    private static final long DAY_US = 86_400_000_000L;
    private static final int WIDTH = Reading.LABELS * Reading.FIGURES;
    private static final int FIGURES = Reading.FIGURES;
    private static final int STAMP = 3;
    private static final int GLIMPSE = STAMP + FIGURES;

    private final Longs out = new Longs();
    private final long[] row = new long[WIDTH];
    private final long[] oldHours = new long[WIDTH];
    private final long[] gained = new long[WIDTH];
    private final long[] stamp = new long[STAMP];
    private final long[] starts = new long[Reading.LABELS + 1];
    private final long[] one = new long[1];
    private long[] glimpses = new long[12 * GLIMPSE];
    private long[] held = new long[12 * GLIMPSE];
    private long[] at = new long[16];
    private long[] seen = new long[16 * FIGURES];
    private KeyValueStore<Bytes, byte[]> newest;
    private KeyValueStore<Bytes, byte[]> known;
    private KeyValueStore<Bytes, byte[]> glimpsed;
    private KeyValueStore<Bytes, byte[]> days;
    private KeyValueStore<Bytes, byte[]> quarters;

    @Override
    public void init(ProcessorContext<Void, Void> context) {
        super.init(context);
        newest = context.getStateStore(AdsJob.NEWEST);
        known = context.getStateStore(AdsJob.KNOWN);
        glimpsed = context.getStateStore(AdsJob.GLIMPSES);
        days = context.getStateStore(AdsJob.DAYS);
        quarters = context.getStateStore(AdsJob.QUARTERS);
    }

    @Override
    public void process(Record<Bytes, Reading> record) {
        Engine.begun();
        Reading reading = record.value();
        String[] paths = paths(reading);
        String entity = reading.ad + "|" + reading.day;
        Bytes entityKey = bytes(entity);
        byte[] before = newest.get(entityKey);
        boolean wasNone = before == null;
        boolean moves = true;
        java.util.Arrays.fill(oldHours, 0);
        if (!wasNone) {
            int next = Longs.get(before, 0, stamp, STAMP);
            Longs.get(before, next, oldHours, WIDTH);
            moves = Reading.isNewer(
                reading.observed, reading.idHigh, reading.idLow, stamp[0], stamp[1], stamp[2]);
        }
        long oldSeen = stamp[0];
        keepKnown(reading, entity, before, wasNone, moves, oldSeen);
        if (moves) {
            out.clear().put(reading.observed).put(reading.idHigh).put(reading.idLow);
            newest.put(entityKey, out.put(reading.hours, WIDTH).done());
            moveDays(reading, paths);
        }
        starts[0] = reading.dayStarts;
        for (int label = 0; label < Reading.LABELS; label++) {
            starts[label + 1] = starts[label] + reading.hourSeconds[label] * 1_000_000L;
        }
        for (int label = 0; label < Reading.LABELS; label++) {
            moveQuarters(reading, entity, paths, label, wasNone, moves, oldSeen);
        }
    }

    /** The newest reading of each UTC day on which one became known. */
    private void keepKnown(
        Reading reading, String entity, byte[] before, boolean wasNone, boolean moves, long oldSeen) {
        long day = Math.floorDiv(reading.observed, DAY_US);
        if (wasNone || moves && Math.floorDiv(oldSeen, DAY_US) == day) {
            return;  // `newest` is this day's own register as well
        }
        if (moves) {
            known.put(bytes(entity + "|" + Math.floorDiv(oldSeen, DAY_US)), before);
            return;
        }
        if (Math.floorDiv(oldSeen, DAY_US) == day) {
            return;
        }
        Bytes key = bytes(entity + "|" + day);
        byte[] there = known.get(key);
        long[] than = new long[STAMP];
        if (there != null) {
            Longs.get(there, 0, than, STAMP);
        }
        if (there == null || Reading.isNewer(
                reading.observed, reading.idHigh, reading.idLow, than[0], than[1], than[2])) {
            out.clear().put(reading.observed).put(reading.idHigh).put(reading.idLow);
            known.put(key, out.put(reading.hours, WIDTH).done());
        }
    }

    private void moveDays(Reading reading, String[] paths) {
        boolean any = false;
        for (int i = 0; i < WIDTH; i++) {
            gained[i] = reading.hours[i] - oldHours[i];
            any |= gained[i] != 0;
        }
        if (!any) {
            return;
        }
        for (String path : paths) {
            Bytes key = bytes(path);
            byte[] there = days.get(key);
            if (there == null) {
                days.put(key, out.clear().put(gained, WIDTH).done());
                continue;
            }
            Longs.get(there, 0, row, WIDTH);
            for (int i = 0; i < WIDTH; i++) {
                row[i] += gained[i];
            }
            days.put(key, out.clear().put(row, WIDTH).done());
        }
    }

    private void moveQuarters(
        Reading reading, String entity, String[] paths, int label, boolean wasNone, boolean moves, long oldSeen) {
        long start = starts[label], length = starts[label + 1] - start;
        if (length <= 0) {
            return;
        }
        boolean isOpen = start <= reading.observed && reading.observed < start + length + Quarters.QUARTER;
        boolean differs = false, any = false;
        for (int f = 0; f < FIGURES; f++) {
            differs |= reading.hours[label * FIGURES + f] != oldHours[label * FIGURES + f];
            any |= reading.hours[label * FIGURES + f] != 0;
        }
        boolean respread = moves
            && (differs || any && !wasNone && Math.min(oldSeen, reading.observed) < start + length);
        if (!isOpen && !respread) {
            return;
        }
        Bytes key = bytes(entity + "|" + label);
        byte[] there = glimpsed.get(key);
        int had = glimpses(there);
        System.arraycopy(glimpses, 0, held, 0, had * GLIMPSE);
        int has = isOpen ? keepGlimpse(reading, label, had, key) : had;
        int count = Quarters.count(length);
        long[] moved = new long[count * FIGURES];
        if (!wasNone) {
            spread(start, length, held, had, oldSeen, oldHours, label, -1, moved);
        }
        if (moves) {
            spread(start, length, glimpses, has, reading.observed, reading.hours, label, 1, moved);
        } else {
            spread(start, length, glimpses, has, oldSeen, oldHours, label, 1, moved);
        }
        boolean isZero = true;
        for (long each : moved) {
            isZero &= each == 0;
        }
        if (!isZero) {
            for (String path : paths) {
                addQuarters(bytes(path + "|" + label), start, count, moved);
            }
        }
    }

    private void addQuarters(Bytes key, long start, int count, long[] moved) {
        byte[] there = quarters.get(key);
        out.clear().put(start).put(count);
        if (there == null) {
            quarters.put(key, out.put(moved, moved.length).done());
            return;
        }
        int next = Longs.get(there, 0, one, 1);
        next = Longs.get(there, next, one, 1);
        Longs.get(there, next, row, moved.length);
        for (int i = 0; i < moved.length; i++) {
            row[i] += moved[i];
        }
        quarters.put(key, out.put(row, moved.length).done());
    }

    /** Read an hour's glimpses, ordered by their instants, into `glimpses`; how many. */
    private int glimpses(byte[] there) {
        if (there == null) {
            return 0;
        }
        int next = Longs.get(there, 0, one, 1);
        int n = (int) one[0];
        Longs.get(there, next, glimpses, n * GLIMPSE);
        return n;
    }

    /** Keep the reading's view of an open hour if it is its quarter-hour's newest; how many now. */
    private int keepGlimpse(Reading reading, int label, int had, Bytes key) {
        long madeIn = Math.floorDiv(reading.observed, Quarters.QUARTER);
        int place = 0;
        while (place < had && Math.floorDiv(glimpses[place * GLIMPSE], Quarters.QUARTER) < madeIn) {
            place++;
        }
        int has = had;
        int i = place * GLIMPSE;
        if (place < had && Math.floorDiv(glimpses[i], Quarters.QUARTER) == madeIn) {
            if (!Reading.isNewer(reading.observed, reading.idHigh, reading.idLow,
                    glimpses[i], glimpses[i + 1], glimpses[i + 2])) {
                return had;
            }
        } else {
            System.arraycopy(glimpses, i, glimpses, i + GLIMPSE, (had - place) * GLIMPSE);
            has++;
        }
        glimpses[i] = reading.observed;
        glimpses[i + 1] = reading.idHigh;
        glimpses[i + 2] = reading.idLow;
        System.arraycopy(reading.hours, label * FIGURES, glimpses, i + STAMP, FIGURES);
        glimpsed.put(key, out.clear().put(has).put(glimpses, has * GLIMPSE).done());
        return has;
    }

    private void spread(
        long start, long length, long[] from, int n, long seenAt, long[] hours, int label, long sign, long[] into) {
        boolean any = false;
        for (int f = 0; f < FIGURES; f++) {
            any |= hours[label * FIGURES + f] != 0;
        }
        if (!any) {
            return;
        }
        for (int i = 0; i < n; i++) {
            at[i] = from[i * GLIMPSE];
            System.arraycopy(from, i * GLIMPSE + STAMP, seen, i * FIGURES, FIGURES);
        }
        at[n] = seenAt;
        System.arraycopy(hours, label * FIGURES, seen, n * FIGURES, FIGURES);
        Quarters.spread(start, length, n + 1, at, seen, sign, into);
    }

    /** Keys of the rows at each level: level, day, and what the entity hangs from. */
    private static String[] paths(Reading r) {
        String account = r.day + "|" + r.workspace + "|" + r.account + "|" + r.currency;
        return new String[] {
            "0|" + account,
            "1|" + account + "|" + r.campaign,
            "2|" + account + "|" + r.campaign + "|" + r.adset,
            "3|" + account + "|" + r.campaign + "|" + r.adset + "|" + r.ad,
        };
    }

    private static Bytes bytes(String text) {
        return Bytes.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
