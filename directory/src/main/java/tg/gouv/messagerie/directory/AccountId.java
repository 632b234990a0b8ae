package tg.gouv.messagerie.directory;

import java.util.UUID;

/** Who an account is, for ever: addresses and names change, this does not (UUID version 7, RFC 9562). */
public record AccountId(UUID value) {
    @Override
    public String toString() {
        return value.toString();
    }
}
