import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;

/**
 * Runs a topology as Kafka Streams' documentation advises for throughput under exactly_once_v2.
 *
 * It prints `first MILLIS` when the job is handed its first record; asked for `totals` on its
 * standard input it prints them, from its own stores, and ends.
 */
final class Engine {
    private static final AtomicBoolean BEGUN = new AtomicBoolean();

    /** What a job says of its final rows, as JSON. */
    interface Totals {
        String of(KafkaStreams streams) throws Exception;
    }

    private Engine() {}

    /** To be called with each record; the first one counts. */
    static void begun() {
        if (!BEGUN.getPlain() && BEGUN.compareAndSet(false, true)) {
            System.out.println("first " + System.currentTimeMillis());
            System.out.flush();
        }
    }

    /** `args`: bootstrap, application id, topic, threads, commit interval, directory, cache MB. */
    static void run(Topology topology, String[] args, Totals totals) throws Exception {
        Path directory = Path.of(args[5]);
        Files.createDirectories(directory);
        Properties p = new Properties();
        p.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, args[0]);
        p.put(StreamsConfig.APPLICATION_ID_CONFIG, args[1]);
        p.put(StreamsConfig.STATE_DIR_CONFIG, directory.toString());
        p.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        p.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, args[3]);
        p.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, args[4]);
        p.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, Long.toString(Long.parseLong(args[6]) << 20));
        p.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, "1");
        p.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
        p.put(StreamsConfig.consumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG), "5000");
        p.put(StreamsConfig.consumerPrefix(ConsumerConfig.FETCH_MIN_BYTES_CONFIG), "1");
        p.put(StreamsConfig.producerPrefix(ProducerConfig.COMPRESSION_TYPE_CONFIG), "lz4");
        p.put(StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), "262144");
        p.put(StreamsConfig.producerPrefix(ProducerConfig.BUFFER_MEMORY_CONFIG), "134217728");
        try (KafkaStreams streams = new KafkaStreams(topology, p)) {
            streams.setUncaughtExceptionHandler(error -> {
                error.printStackTrace();
                return org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler
                    .StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
            });
            streams.start();
            BufferedReader asked = new BufferedReader(new InputStreamReader(System.in));
            String line = asked.readLine();
            if ("totals".equals(line)) {
                System.out.println("totals " + totals.of(streams));
                System.out.flush();
            }
        }
    }
}
