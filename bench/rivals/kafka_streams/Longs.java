/** Longs as zigzag varints: rows of windows are mostly small numbers, and zeros. */
final class Longs {
    private byte[] bytes = new byte[1024];
    private int at;

    /** Start anew. */
    Longs clear() {
        at = 0;
        return this;
    }

    /** Append one. */
    Longs put(long value) {
        if (at + 10 > bytes.length) {
            bytes = java.util.Arrays.copyOf(bytes, bytes.length * 2);
        }
        long z = value << 1 ^ value >> 63;
        while ((z & ~0x7FL) != 0) {
            bytes[at++] = (byte) (z & 0x7F | 0x80);
            z >>>= 7;
        }
        bytes[at++] = (byte) z;
        return this;
    }

    /** Append many. */
    Longs put(long[] values, int n) {
        for (int i = 0; i < n; i++) {
            put(values[i]);
        }
        return this;
    }

    /** What was appended. */
    byte[] done() {
        return java.util.Arrays.copyOf(bytes, at);
    }

    /** Read `n` from an offset into `into`; where the next begins. */
    static int get(byte[] from, int at, long[] into, int n) {
        for (int i = 0; i < n; i++) {
            long z = 0;
            int shift = 0;
            byte b;
            do {
                b = from[at++];
                z |= (long) (b & 0x7F) << shift;
                shift += 7;
            } while (b < 0);
            into[i] = z >>> 1 ^ -(z & 1);
        }
        return at;
    }
}
