import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadFeature;

/** Jackson's streaming parser, set up for speed, and RFC 3339 instants of a fixed width. */
final class Json {
    static final JsonFactory FACTORY =
        JsonFactory.builder().disable(StreamReadFeature.AUTO_CLOSE_SOURCE).build();

    private Json() {}

    /** Microseconds since 1970 of `2026-03-02T10:20:30[.ffffff]Z`. */
    static long micros(char[] c, int at, int length) {
        long days = days(c, at);
        long seconds = days * 86_400 + two(c, at + 11) * 3_600L + two(c, at + 14) * 60L + two(c, at + 17);
        long fraction = 0;
        int digits = 0;
        for (int i = at + 20; i < at + length - 1 && c[at + 19] == '.'; i++, digits++) {
            fraction = fraction * 10 + (c[i] - '0');
        }
        for (; digits < 6; digits++) {
            fraction *= 10;
        }
        return seconds * 1_000_000 + fraction;
    }

    /** Days since 1970 of `2026-03-02…`. */
    static long days(char[] c, int at) {
        int y = two(c, at) * 100 + two(c, at + 2), m = two(c, at + 5), d = two(c, at + 8);
        y -= m <= 2 ? 1 : 0;
        int era = y / 400, yoe = y - era * 400;
        int doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
        int doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
        return era * 146_097L + doe - 719_468;
    }

    private static int two(char[] c, int at) {
        return (c[at] - '0') * 10 + c[at + 1] - '0';
    }
}
