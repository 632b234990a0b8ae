package tg.gouv.messagerie.platform.blobs;

/**
 * What is known of a stored object.
 *
 * @param sizeBytes 0 or more
 * @param sha256 lower-case hexadecimal, 64 characters
 */
public record Blob(BlobId id, long sizeBytes, String sha256) {}
