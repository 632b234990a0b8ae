package tg.gouv.messagerie.platform.blobs;

import java.util.UUID;

/** An object's name, made by us and never reused (UUID version 7, RFC 9562). */
public record BlobId(UUID value) {
    @Override
    public String toString() {
        return value.toString();
    }
}
