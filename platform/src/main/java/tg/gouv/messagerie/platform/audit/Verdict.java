package tg.gouv.messagerie.platform.audit;

import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** What looking at the whole trail found. */
public sealed interface Verdict {
    /**
     * Every row, every head, and every head outside fits.
     *
     * @param rows how many rows the chain has
     * @param link the last row's link, 64 hexadecimal digits
     * @param heads how many heads the database has
     * @param outside how many heads the place outside has; empty if none was named
     * @param unreadable how many lines outside are no heads: a write that was cut short leaves one
     * @param unsealed how many rows wait for their seal
     * @param keys who signed: SHA-256 over the public keys, in hexadecimal
     */
    record Sound(
            UUID chain,
            long rows,
            String link,
            long heads,
            Optional<Long> outside,
            long unreadable,
            long unsealed,
            Set<String> keys)
            implements Verdict {}

    /**
     * Something does not fit.
     *
     * @param fault the first such thing
     * @param rows how many rows fit before
     */
    record Broken(Fault fault, long rows) implements Verdict {}
}
