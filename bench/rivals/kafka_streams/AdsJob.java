import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * `ads`: readings to quarter-hour, hour and day rows at four levels, by the Processor API.
 *
 * All levels of an account lie in one partition, so nothing is repartitioned.
 */
public final class AdsJob {
    static final String NEWEST = "newest";
    static final String KNOWN = "known";
    static final String GLIMPSES = "glimpses";
    static final String DAYS = "days";
    static final String QUARTERS = "quarters";

    /** Entry; see Engine.run. */
    public static void main(String[] args) throws Exception {
        Topology topology = new Topology();
        topology.addSource(
            "readings", Serdes.Bytes().deserializer(), (Deserializer<Reading>) (topic, value) -> Reading.parse(value), args[2]);
        topology.addProcessor("windows", AdsProcessor::new, "readings");
        for (String name : List.of(NEWEST, KNOWN, GLIMPSES, DAYS, QUARTERS)) {
            topology.addStateStore(store(name), "windows");
        }
        Engine.run(topology, args, AdsJob::totals);
    }

    private static StoreBuilder<?> store(String name) {
        return Stores.keyValueStoreBuilder(
                Stores.persistentKeyValueStore(name), Serdes.Bytes(), Serdes.ByteArray())
            .withCachingEnabled()
            .withLoggingEnabled(Map.of());
    }

    private static String totals(KafkaStreams streams) {
        Map<String, long[]> days = new TreeMap<>(), hours = new TreeMap<>(), quarters = new TreeMap<>();
        try (KeyValueIterator<Bytes, byte[]> all = all(streams, DAYS)) {
            long[] row = new long[Reading.LABELS * Reading.FIGURES];
            while (all.hasNext()) {
                KeyValue<Bytes, byte[]> each = all.next();
                Longs.get(each.value, 0, row, row.length);
                String level = level(each.key);
                long[] sums = new long[Reading.FIGURES];
                for (int label = 0; label < Reading.LABELS; label++) {
                    add(hours, level, row, label * Reading.FIGURES, 1, label);
                    for (int f = 0; f < Reading.FIGURES; f++) {
                        sums[f] += row[label * Reading.FIGURES + f];
                    }
                }
                add(days, level, sums, 0, 1, 1);
            }
        }
        try (KeyValueIterator<Bytes, byte[]> all = all(streams, QUARTERS)) {
            long[] head = new long[2];
            while (all.hasNext()) {
                KeyValue<Bytes, byte[]> each = all.next();
                int at = Longs.get(each.value, 0, head, 2);
                int count = (int) head[1];
                long[] row = new long[count * Reading.FIGURES];
                Longs.get(each.value, at, row, row.length);
                for (int q = 0; q < count; q++) {
                    add(quarters, level(each.key), row, q, count, (head[0] / Quarters.QUARTER + q) % 1000);
                }
            }
        }
        return "{\"days\":" + json(days) + ",\"hours\":" + json(hours) + ",\"quarters\":" + json(quarters) + "}";
    }

    private static KeyValueIterator<Bytes, byte[]> all(KafkaStreams streams, String name) {
        ReadOnlyKeyValueStore<Bytes, byte[]> store =
            streams.store(StoreQueryParameters.fromNameAndType(name, QueryableStoreTypes.keyValueStore()));
        return store.all();
    }

    /** Count a row that is not all zero, and add its figures, weighted, to its level's. */
    private static void add(
        Map<String, long[]> levels, String level, long[] row, int at, int step, long weight) {
        boolean any = false;
        for (int f = 0; f < Reading.FIGURES; f++) {
            any |= row[at + f * step] != 0;
        }
        if (any) {
            long[] sums = levels.computeIfAbsent(level, unused -> new long[Reading.FIGURES + 1]);
            sums[0]++;
            for (int f = 0; f < Reading.FIGURES; f++) {
                sums[f + 1] += row[at + f * step] * weight;
            }
        }
    }

    private static String level(Bytes key) {
        return AdsProcessor.LEVELS[key.get()[0] - '0'];
    }

    private static String json(Map<String, long[]> levels) {
        StringBuilder text = new StringBuilder("{");
        levels.forEach((level, sums) ->
            text.append(text.length() > 1 ? "," : "").append('"').append(level).append("\":")
                .append(java.util.Arrays.toString(sums)));
        return text.append('}').toString();
    }
}
