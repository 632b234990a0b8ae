package tg.gouv.messagerie.directory.imports;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A person as the directory has them.
 *
 * @param given empty for a person of one name
 * @param entity its code, or empty
 * @param state the word of the account's state
 * @param addresses every address, with its role: primary, alias, former
 * @param held every position ever held, and those to come
 * @param secret whether the account has a password
 */
public record KnownPerson(
        UUID person,
        UUID account,
        String number,
        String given,
        String family,
        String language,
        String entity,
        String state,
        Map<String, String> addresses,
        List<Held> held,
        boolean secret) {
    public KnownPerson {
        addresses = Map.copyOf(addresses);
        held = List.copyOf(held);
    }

    /** The primary address. */
    public String primary() {
        return addresses.entrySet().stream()
                .filter(it -> it.getValue().equals("primary"))
                .map(Map.Entry::getKey)
                .findAny()
                .orElse("");
    }

    /**
     * That a position is, was or will be held.
     *
     * @param code of the position
     */
    public record Held(
            UUID id, String code, Instant starts, @Nullable Instant ends) {
        /** Whether it is not over. */
        public boolean lasts(Instant now) {
            return ends == null || ends.isAfter(now);
        }
    }
}
