package tg.gouv.messagerie.mail.delivery;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import tg.gouv.messagerie.directory.MailAddress;

/**
 * Somebody is away and wants senders to know.
 *
 * @param key which absence of its account, for who was told of it
 * @param subject instead of the one that repeats the message's
 * @param from as whom to answer; counts only if it is the account's
 * @param alsoFor addresses that forward to the account (RFC 5230 section 4.5)
 * @param until when a sender who is told now may be told again
 */
record Absence(
        String key,
        Optional<String> subject,
        Text text,
        Optional<MailAddress> from,
        Set<MailAddress> alsoFor,
        Instant until) {
    /** What is told. */
    sealed interface Text {
        /** Either or both of the forms; with none, a sentence of ours. */
        record Written(Optional<String> plain, Optional<String> html) implements Text {}

        /** A MIME entity, header fields and body (RFC 5230 section 4.6). */
        record Entity(String mime) implements Text {}
    }
}
