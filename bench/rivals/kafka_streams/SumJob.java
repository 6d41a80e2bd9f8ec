import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.TimeWindows;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.processor.TimestampExtractor;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyWindowStore;
import org.apache.kafka.streams.state.WindowStore;

/** `sum`: spend, impressions and clicks of each key and quarter-hour, by the DSL's windows. */
public final class SumJob {
    /** An event, and a window's sum. */
    static final class Sums {
        long atMillis;
        long spend;
        long impressions;
        long clicks;
    }

    private static final String STORE = "sums";

    /** Entry; see Engine.run. */
    public static void main(String[] args) throws Exception {
        Serde<Sums> events = Serdes.serdeFrom((topic, value) -> bytes(value), (Deserializer<Sums>) (topic, value) -> event(value));
        Serde<Sums> sums = Serdes.serdeFrom((topic, value) -> bytes(value), (Deserializer<Sums>) (topic, value) -> sums(value));
        TimestampExtractor byEvent = (ConsumerRecord<Object, Object> record, long partitionTime) -> {
            Engine.begun();
            return ((Sums) record.value()).atMillis;
        };
        StreamsBuilder builder = new StreamsBuilder();
        builder
            .stream(args[2], Consumed.with(Serdes.Bytes(), events).withTimestampExtractor(byEvent))
            .groupByKey()
            // Two hours late at most, and some grace.
            .windowedBy(TimeWindows.ofSizeAndGrace(Duration.ofMinutes(15), Duration.ofHours(3)))
            .aggregate(
                Sums::new,
                (key, event, held) -> {
                    held.spend += event.spend;
                    held.impressions += event.impressions;
                    held.clicks += event.clicks;
                    return held;
                },
                Materialized.<Bytes, Sums, WindowStore<Bytes, byte[]>>as(STORE)
                    .withKeySerde(Serdes.Bytes())
                    .withValueSerde(sums)
                    .withCachingEnabled());
        Engine.run(builder.build(), args, SumJob::totals);
    }

    private static String totals(KafkaStreams streams) {
        ReadOnlyWindowStore<Bytes, Sums> store =
            streams.store(StoreQueryParameters.fromNameAndType(STORE, QueryableStoreTypes.windowStore()));
        long rows = 0, spend = 0, impressions = 0, clicks = 0, placed = 0;
        try (KeyValueIterator<Windowed<Bytes>, Sums> all = store.all()) {
            while (all.hasNext()) {
                KeyValue<Windowed<Bytes>, Sums> each = all.next();
                rows++;
                spend += each.value.spend;
                impressions += each.value.impressions;
                clicks += each.value.clicks;
                placed += each.value.spend * (each.key.window().start() / 900_000 % 1_000);
            }
        }
        return String.format(
            "{\"rows\":%d,\"spend\":%d,\"impressions\":%d,\"clicks\":%d,\"placed\":%d}",
            rows, spend, impressions, clicks, placed);
    }

    private static byte[] bytes(Sums sums) {
        return ByteBuffer.allocate(24).putLong(sums.spend).putLong(sums.impressions).putLong(sums.clicks).array();
    }

    private static Sums sums(byte[] value) {
        if (value == null) {
            return null;
        }
        ByteBuffer buffer = ByteBuffer.wrap(value);
        Sums sums = new Sums();
        sums.spend = buffer.getLong();
        sums.impressions = buffer.getLong();
        sums.clicks = buffer.getLong();
        return sums;
    }

    private static Sums event(byte[] value) {
        Sums event = new Sums();
        try (JsonParser json = Json.FACTORY.createParser(value)) {
            json.nextToken();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                switch (name) {
                    case "at" -> event.atMillis =
                        Json.micros(json.getTextCharacters(), json.getTextOffset(), json.getTextLength()) / 1000;
                    case "spend_micros" -> event.spend = json.getLongValue();
                    case "impressions" -> event.impressions = json.getLongValue();
                    case "clicks" -> event.clicks = json.getLongValue();
                    default -> { }
                }
            }
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
        return event;
    }
}
