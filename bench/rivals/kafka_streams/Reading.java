import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;

/** An hours_observation: one entity's day as the platform reported it at an instant. */
final class Reading {
    static final int LABELS = 24;
    static final int FIGURES = 4;

    long idHigh;
    long idLow;
    String workspace;
    String account;
    String campaign = "";
    String adset = "";
    String ad = "";
    String currency;
    long day;
    long observed;
    long dayStarts;
    final int[] hourSeconds = new int[LABELS];
    /** Figures by hour label: spend, impressions, clicks, link clicks of hour 0, of hour 1, … */
    final long[] hours = new long[LABELS * FIGURES];

    static Reading parse(byte[] value) {
        Reading reading = new Reading();
        try (JsonParser json = Json.FACTORY.createParser(value)) {
            json.nextToken();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                switch (name) {
                    case "event_id" -> reading.id(json);
                    case "workspace_id" -> reading.workspace = json.getText();
                    case "body" -> reading.body(json);
                    default -> json.skipChildren();
                }
            }
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
        return reading;
    }

    private void body(JsonParser json) throws IOException {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            JsonToken token = json.nextToken();
            if (token == JsonToken.VALUE_NULL) {
                continue;
            }
            switch (name) {
                case "account_id" -> account = json.getText();
                case "campaign_id" -> campaign = json.getText();
                case "adset_id" -> adset = json.getText();
                case "ad_id" -> ad = json.getText();
                case "currency" -> currency = json.getText();
                case "day" -> day = Json.days(json.getTextCharacters(), json.getTextOffset());
                case "observed_at" -> observed = instant(json);
                case "day_starts_at" -> dayStarts = instant(json);
                case "hour_seconds" -> {
                    for (int label = 0; json.nextToken() != JsonToken.END_ARRAY; label++) {
                        hourSeconds[label] = json.getIntValue();
                    }
                }
                case "hours" -> {
                    while (json.nextToken() == JsonToken.START_ARRAY) {
                        json.nextToken();
                        int at = json.getIntValue() * FIGURES;
                        while (json.nextToken() != JsonToken.END_ARRAY) {
                            hours[at++] = json.getLongValue();
                        }
                    }
                }
                default -> json.skipChildren();
            }
        }
    }

    private static long instant(JsonParser json) throws IOException {
        return Json.micros(json.getTextCharacters(), json.getTextOffset(), json.getTextLength());
    }

    private void id(JsonParser json) throws IOException {
        char[] text = json.getTextCharacters();
        int at = json.getTextOffset();
        long high = 0, low = 0;
        for (int i = 0, digit = 0; i < 36; i++) {
            char c = text[at + i];
            if (c == '-') {
                continue;
            }
            long nibble = Character.digit(c, 16);
            if (digit++ < 16) {
                high = high << 4 | nibble;
            } else {
                low = low << 4 | nibble;
            }
        }
        idHigh = high;
        idLow = low;
    }

    /** Whether this reading is newer than one with that stamp. */
    static boolean isNewer(long observed, long high, long low, long thanObserved, long thanHigh, long thanLow) {
        if (observed != thanObserved) {
            return observed > thanObserved;
        }
        int byHigh = Long.compareUnsigned(high, thanHigh);
        return byHigh != 0 ? byHigh > 0 : Long.compareUnsigned(low, thanLow) > 0;
    }
}
