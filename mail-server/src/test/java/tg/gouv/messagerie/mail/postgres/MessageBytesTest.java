package tg.gouv.messagerie.mail.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.mail.Flags;
import org.apache.james.mailbox.exception.MailboxException;
import org.apache.james.mailbox.model.Content;
import org.apache.james.mailbox.model.Mailbox;
import org.apache.james.mailbox.model.MessageRange;
import org.apache.james.mailbox.store.mail.MessageMapper.FetchType;
import org.apache.james.mailbox.store.mail.model.MailboxMessage;
import org.apache.james.mailbox.store.mail.model.impl.SimpleMailboxMessage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Sql;
import tg.gouv.messagerie.platform.settings.ByteSize;

/** What was stored is what is read, octet by octet, in bounded memory. */
class MessageBytesTest {
    private static final long PAGE = 64 * 1024;
    private static TestStore store;
    private static Mailbox inbox;

    @BeforeAll
    static void open() {
        StoreSettings usual = StoreSettings.byDefault();
        store = new TestStore(new StoreSettings(
                usual.bodyRetention(),
                new ByteSize(PAGE),
                usual.keywordsMax(),
                usual.ownerMemory(),
                usual.changeHistory(),
                usual.changesMax()));
        inbox = store.mailbox("ama", "INBOX");
    }

    @AfterAll
    static void close() {
        store.close();
    }

    static Stream<Arguments> messages() {
        byte[] eightBits = new byte[256];
        for (int i = 0; i < eightBits.length; i++) {
            eightBits[i] = (byte) i;
        }
        return Stream.of(
                Arguments.of("an ordinary one", ascii("Subject: a\r\n\r\n"), ascii("b\r\n")),
                Arguments.of("every octet in the body", ascii("Subject: a\r\n\r\n"), eightBits),
                Arguments.of(
                        "every octet in the header",
                        join(ascii("Subject: "), eightBits, ascii("\r\n\r\n")),
                        ascii("b")),
                Arguments.of(
                        "NUL in every field",
                        ascii("Subject: a\0b\r\nFrom: a\0@b\r\nMessage-ID: <\0@b>\r\n\r\n"),
                        ascii("\0")),
                Arguments.of("no body", ascii("Subject: a\r\n\r\n"), new byte[0]),
                Arguments.of("a header without its empty line", ascii("Subject: a\r\n"), new byte[0]),
                Arguments.of("no header", new byte[0], ascii("b\r\n")),
                Arguments.of("nothing at all", new byte[0], new byte[0]),
                Arguments.of("a field without end", join(ascii("Subject: "), noise(100_000)), ascii("b")),
                Arguments.of("the largest body in the database", ascii("a: b\r\n\r\n"), noise(Bodies.INLINE_BYTES_MAX)),
                Arguments.of("the smallest object", ascii("a: b\r\n\r\n"), noise(Bodies.INLINE_BYTES_MAX + 1)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("messages")
    void areTheSame(String name, byte[] header, byte[] body) throws Exception {
        Mailbox mailbox = store.mailbox("ama", "of " + name);
        byte[] whole = join(header, body);
        store.messages.add(mailbox, store.message(mailbox, whole, header.length, new Flags()));

        MailboxMessage full = store.read(mailbox, FetchType.FULL).getFirst();
        assertThat(store.bytes(full)).isEqualTo(whole);
        assertThat(full.getFullContentOctets()).isEqualTo(whole.length);
        assertThat(full.getHeaderContent().readAllBytes()).isEqualTo(header);
        assertThat(full.getBodyContent().readAllBytes()).isEqualTo(body);
        assertThat(store.read(mailbox, FetchType.HEADERS)
                        .getFirst()
                        .getHeaderContent()
                        .readAllBytes())
                .isEqualTo(header);
    }

    @Test
    void aMessageOf25MegabytesIsStreamedInAndOut() throws Exception {
        Mailbox mailbox = store.mailbox("ama", "big");
        long size = 25 * 1024 * 1024;
        SimpleMailboxMessage big = store.message(mailbox, new Noise(size), size, 40, new Flags());
        store.messages.add(mailbox, big);

        MailboxMessage read = store.read(mailbox, FetchType.FULL).getFirst();
        assertThat(sha256(read.getFullContent())).isEqualTo(sha256(new Noise(size).getInputStream()));
        assertThat(read.getFullContentOctets()).isEqualTo(size);
    }

    @Test
    void aPageHasItsBytesAtMostAndNothingIsLeftOut() throws Exception {
        Mailbox mailbox = store.mailbox("ama", "paged");
        List<Integer> sizes = List.of(10, 30_000, 30_000, 30_000, 5, 32_000, 33_000, 70_000, 100, 31_000, 31_000, 2);
        for (int size : sizes) {
            byte[] bytes = join(ascii("a: b\r\n\r\n"), noise(size));
            store.messages.add(mailbox, store.message(mailbox, bytes, 8, new Flags()));
        }
        try (MailConnections connections = new MailConnections(store.connections)) {
            MessagePages pages = new MessagePages(
                    connections,
                    new MessageRows(new Bodies(store.connections, store.blobs, store.ids, Clock.systemUTC())),
                    FetchType.FULL,
                    PostgresMailboxId.number(mailbox.getMailboxId()),
                    UidRange.of(MessageRange.all()),
                    0,
                    PAGE);
            List<Long> uids = new ArrayList<>();
            int count = 0;
            for (List<MailboxMessage> page = pages.next(); !page.isEmpty(); page = pages.next()) {
                count++;
                page.forEach(each -> uids.add(each.getUid().asLong()));
                // All but the last of a page are below the bound: only rows whose bytes are loaded count.
                long loaded = page.subList(0, page.size() - 1).stream()
                        .mapToLong(MailboxMessage::getFullContentOctets)
                        .filter(size -> size <= Bodies.INLINE_BYTES_MAX + 8)
                        .sum();
                assertThat(loaded).isLessThan(PAGE);
            }
            assertThat(uids).isEqualTo(store.uids(mailbox)).hasSize(sizes.size());
            assertThat(count).isGreaterThan(2);
        }
        assertThat(store.messages
                        .findInMailboxReactive(mailbox, MessageRange.all(), FetchType.FULL, 7)
                        .map(each -> each.getUid().asLong())
                        .collectList()
                        .block())
                .isEqualTo(store.uids(mailbox).subList(0, 7));
    }

    @Test
    void aReaderWhoStopsLoadsNoFurtherPages() throws Exception {
        Mailbox mailbox = store.mailbox("ama", "stopped");
        for (int i = 0; i < 12; i++) {
            store.messages.add(
                    mailbox, store.message(mailbox, join(ascii("a: b\r\n\r\n"), noise(30_000)), 8, new Flags()));
        }
        AtomicInteger statements = new AtomicInteger();
        try (PostgresMappers counted = new PostgresMappers(
                new CountedConnections(store.connections, statements),
                store.blobs,
                store.owners,
                store.trail,
                Clock.systemUTC(),
                store.ids,
                new StoreSettings(Duration.ZERO, new ByteSize(PAGE), 1, Duration.ZERO, Duration.ofDays(1), 1))) {
            assertThat(counted.createMessageMapper(null)
                            .findInMailboxReactive(mailbox, MessageRange.all(), FetchType.FULL, -1)
                            .take(1)
                            .map(each -> each.getUid().asLong())
                            .collectList()
                            .block())
                    .containsExactly(1L);
            assertThat(statements).hasValueLessThanOrEqualTo(2); // of four pages
        }
    }

    private record CountedConnections(Connections connections, AtomicInteger statements) implements Connections {
        @Override
        public <T, X extends Exception> T autoCommit(Work<T, X> work) throws X {
            statements.incrementAndGet();
            return connections.autoCommit(work);
        }

        @Override
        public <T, X extends Exception> T transaction(Work<T, X> work) throws X {
            statements.incrementAndGet();
            return connections.transaction(work);
        }

        @Override
        public <T, X extends Exception> T together(Work<T, X> work) throws X {
            return connections.together(work);
        }
    }

    @Test
    void theHeaderIsParsedOnce() throws Exception {
        String header = """
                Date: Tue, 3 Feb 2026 04:05:06 +0100
                From: "Ama K." <Ama@Gouv.TG>, kofi@gouv.tg
                To: groupe: kofi@gouv.tg;
                Subject: Re: [liste] =?UTF-8?Q?r=C3=A9union?=
                Message-ID: <3@gouv.tg>
                In-Reply-To: <2@gouv.tg>
                References: <1@gouv.tg>
                 <2@gouv.tg>

                """.replace("\n", "\r\n");
        MailboxMessage message = store.message(inbox, ascii(header + "b"), header.length(), new Flags());
        store.messages.add(inbox, message);
        String parsed = store.connections.autoCommit(c -> Sql.first(
                        c,
                        row -> row.getString(1),
                        "select concat_ws('|', sent_date at time zone 'UTC', from_, to_, base_subject, message_id_header,"
                                + " in_reply_to, references_::text) from message where id = ?",
                        PostgresMessageId.uuid(message.getMessageId()))
                .orElseThrow());
        assertThat(parsed)
                .isEqualTo("2026-02-03 03:05:06|ama@gouv.tg|kofi@gouv.tg|réunion|<3@gouv.tg>|<2@gouv.tg>"
                        + "|{<1@gouv.tg>,<2@gouv.tg>}");
    }

    @Test
    void keywordsWithNulAreStoredWithoutIt() throws MailboxException {
        Mailbox mailbox = store.mailbox("ama", "keywords");
        Flags flags = new Flags("a\0b");
        flags.add("été");
        store.append(mailbox, "a", flags);
        assertThat(store.read(mailbox, FetchType.METADATA)
                        .getFirst()
                        .createFlags()
                        .getUserFlags())
                .containsExactlyInAnyOrder("ab", "été");
    }

    /** Octets that look random, and are the same each time. */
    private record Noise(long size) implements Content {
        @Override
        public InputStream getInputStream() {
            Random random = new Random(7);
            return new InputStream() {
                private long left = size;

                @Override
                public int read() {
                    return left-- > 0 ? random.nextInt(256) : -1;
                }

                @Override
                public int read(byte[] bytes, int from, int most) {
                    int count = (int) Math.min(left, most);
                    for (int i = 0; i < count; i++) {
                        bytes[from + i] = (byte) random.nextInt(256);
                    }
                    left -= count;
                    return count == 0 && most > 0 ? -1 : count;
                }
            };
        }
    }

    private static byte[] noise(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] join(byte[]... parts) {
        int size = Stream.of(parts).mapToInt(part -> part.length).sum();
        byte[] all = new byte[size];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }

    private static String sha256(InputStream in) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        byte[] buffer = new byte[65_536];
        try (in) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
