package tg.gouv.messagerie.mail.transfer.outgoing;

import java.time.Duration;

/**
 * How long another server is waited for.
 *
 * @param connect until it takes the connection
 * @param greeting until its first reply
 * @param command for the reply to a command
 * @param data for the reply to {@code DATA}
 * @param block until it takes some 16 KB of a message
 * @param end for the reply to the end of a message
 * @param whole for everything about one message
 * @param lastWrite how long it is tried, once this is closing, to write what became of one; else it is sent again
 */
record Patience(
        Duration connect,
        Duration greeting,
        Duration command,
        Duration data,
        Duration block,
        Duration end,
        Duration whole,
        Duration lastWrite) {
    /** How long a server may take to say goodbye. */
    static final Duration QUIT = Duration.ofSeconds(5);

    /** What RFC 5321 section 4.5.3.2 asks for; the whole is ours. */
    static Patience ofTheStandard(Duration connect) {
        return new Patience(
                connect,
                Duration.ofMinutes(5),
                Duration.ofMinutes(5),
                Duration.ofMinutes(2),
                Duration.ofMinutes(3),
                Duration.ofMinutes(10),
                Duration.ofHours(1),
                Duration.ofSeconds(5));
    }
}
