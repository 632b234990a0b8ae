package tg.gouv.messagerie.platform.blobs;

/**
 * The part of an object that exists of the part that was asked for.
 *
 * @param from first byte, at most {@code to}
 * @param to first byte after
 */
record Range(long from, long to) {
    /**
     * Cuts what was asked for to what there is.
     *
     * @throws IllegalArgumentException if a negative part was asked for
     */
    static Range of(long offset, long length, long sizeBytes) {
        if (offset < 0 || length < 0) {
            throw new IllegalArgumentException("a part has no negative offset or length: " + offset + ", " + length);
        }
        long from = Math.min(offset, sizeBytes);
        return new Range(from, from + Math.min(length, sizeBytes - from));
    }
}
