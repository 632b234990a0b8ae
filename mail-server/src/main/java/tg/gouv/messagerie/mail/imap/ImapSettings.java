package tg.gouv.messagerie.mail.imap;

import java.time.Duration;
import tg.gouv.messagerie.platform.settings.ByteSize;
import tg.gouv.messagerie.platform.settings.Doc;
import tg.gouv.messagerie.platform.settings.Endpoint;

/** How mailboxes are read over IMAP. */
public record ImapSettings(
        @Doc(value = "Address and port to listen on with STARTTLS.", byDefault = "\"127.0.0.1:143\"")
        Endpoint listen,

        @Doc(
                value = "Address and port to listen on with TLS from the start (RFC 8314).",
                byDefault = "\"127.0.0.1:993\"")
        Endpoint listenTls,

        @Doc(value = "How many connections at once, on each port.", byDefault = "10000")
        int connectionsMax,

        @Doc(value = "How long a silent client stays logged in.", byDefault = "\"30m\"")
        Duration idleTimeout,

        @Doc(
                value =
                        "How many bytes a client may send before it has signed in; the longest ID (RFC 2971 section 3.3) has 32 KB.",
                byDefault = "\"40KB\"")
        ByteSize bytesBeforeLogin,

        @Doc(
                value = "After how many commands in a row that were refused or not understood a connection ends.",
                byDefault = "100")
        int errorsMax,

        @Doc(
                value =
                        "How often the mailboxes of clients that wait for news (IDLE) are looked at even if none was heard of;"
                                + " changes of the same node, and mostly of others, are shown at once.",
                byDefault = "\"30s\"")
        Duration lookEvery) {
    /** What a LOGIN with two literals and its neighbours need. */
    private static final int LOGIN_LEAST = 4 * 1024;

    public ImapSettings {
        if (connectionsMax < 1) {
            throw new IllegalArgumentException("connections-max must be 1 or more");
        }
        if (idleTimeout.toMinutes() < 30) {
            throw new IllegalArgumentException("idle-timeout must be 30m or more (RFC 9051 section 5.4)");
        }
        if (bytesBeforeLogin.bytes() < LOGIN_LEAST) {
            throw new IllegalArgumentException("bytes-before-login must be 4KB or more");
        }
        if (errorsMax < 1) {
            throw new IllegalArgumentException("errors-max must be 1 or more");
        }
        if (lookEvery.toSeconds() < 1) {
            throw new IllegalArgumentException("look-every must be 1s or more");
        }
    }

    /** Ports 143 and 993 on the loopback interface, with every default. */
    public static ImapSettings byDefault() {
        return new ImapSettings(
                new Endpoint("127.0.0.1", 143),
                new Endpoint("127.0.0.1", 993),
                10_000,
                Duration.ofMinutes(30),
                ByteSize.parse("40KB"),
                100,
                Duration.ofSeconds(30));
    }
}
