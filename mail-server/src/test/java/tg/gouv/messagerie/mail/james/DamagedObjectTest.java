package tg.gouv.messagerie.mail.james;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Sql;

/** The object of a large message is damaged: nobody reads wrong octets, and everything else is read. */
@Timeout(60)
class DamagedObjectTest {
    private static final int LARGE = 60_000;

    private static TestMail mail;
    private static Connections stored;

    enum Damage {
        ANOTHER_OCTET,
        TRUNCATED,
        GONE;

        void on(Path file) throws IOException {
            byte[] bytes = Files.readAllBytes(file);
            switch (this) {
                case ANOTHER_OCTET -> {
                    bytes[bytes.length / 2] ^= 1;
                    Files.write(file, bytes);
                }
                case TRUNCATED -> Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length / 2));
                case GONE -> Files.delete(file);
            }
        }
    }

    @BeforeAll
    static void start() {
        mail = new TestMail(TestMail.settings());
        stored = mail.stored().connections("test", "mail", 1);
    }

    @AfterAll
    static void stop() throws IOException {
        mail.close();
    }

    /** Three messages, of which the second is damaged. */
    private static String mailbox(Map<String, String> cast, Damage damage) throws Exception {
        String ama = Objects.requireNonNull(cast.get("ama"));
        try (ImapClient client = new ImapClient(mail.server(), ama)) {
            client.append("INBOX", SmtpClient.message(ama, "premier", LARGE));
            client.append("INBOX", SmtpClient.message(ama, "deuxieme", LARGE));
            client.append("INBOX", SmtpClient.message(ama, "troisieme", LARGE));
        }
        damage.on(file(ama, "deuxieme"));
        return ama;
    }

    private static Path file(String owner, String subject) {
        UUID account = mail.owner(owner);
        UUID object = stored.<UUID, RuntimeException>autoCommit(c -> Sql.first(
                        c,
                        row -> row.getObject(1, UUID.class),
                        "select b.object from mailbox_message p join mailbox x on x.id = p.mailbox_id"
                                + " join message m on m.id = p.message_id join body b on b.id = m.body_id"
                                + " where x.owner_id = ? and m.base_subject ilike ?",
                        account,
                        subject)
                .orElseThrow());
        String name = object.toString();
        return mail.data()
                .resolve("blobs")
                .resolve(name.substring(name.length() - 3))
                .resolve(name);
    }

    @ParameterizedTest
    @EnumSource(Damage.class)
    void imapSaysSoAndReadsTheOthers(Damage damage) throws Exception {
        String ama = mailbox(mail.cast(), damage);
        try (ImapClient client = new ImapClient(mail.server(), ama)) {
            client.say("SELECT INBOX");
            for (String item :
                    List.of("BODY.PEEK[]", "BODY.PEEK[]<0.1000>", "BODY.PEEK[TEXT]", "BODY.PEEK[1]", "RFC822")) {
                assertThat(client.ask("FETCH 2 " + item))
                        .as(item)
                        .singleElement()
                        .asString()
                        .contains(" NO [CONTACTADMIN] ");
                assertThat(client.say("FETCH 1 " + item).toString()).as(item).contains("premier");
            }
            assertThat(client.say("FETCH 1:3 (UID FLAGS INTERNALDATE RFC822.SIZE ENVELOPE BODY.PEEK[HEADER])")
                            .toString())
                    .contains("premier", "deuxieme", "troisieme");
            for (String item :
                    List.of("(UID ENVELOPE BODY.PEEK[])", "(UID ENVELOPE BODYSTRUCTURE)", "(ENVELOPE BODY.PEEK[1])")) {
                List<String> all = client.ask("FETCH 1:3 " + item);
                assertThat(all.toString())
                        .as(item)
                        .contains("premier", "troisieme")
                        .doesNotContain("deuxieme");
                assertThat(all.getLast()).as(item).contains(" NO [CONTACTADMIN] ");
            }
            client.say("STORE 2 +FLAGS (\\Flagged)");
            client.say("COPY 1 Trash");
            client.say("NOOP");
        }
        assertThat(mail.blobs().damaged()).isPositive();
    }

    @ParameterizedTest
    @EnumSource(Damage.class)
    void jmapSaysSoAndReadsTheOthers(Damage damage) throws Exception {
        String ama = mailbox(mail.cast(), damage);
        try (JmapClient client = new JmapClient(mail, MailAddress.of(ama))) {
            var ids = client.call("Email/query", "\"sort\":[{\"property\":\"receivedAt\"}]")
                    .path("ids");
            assertThat(ids.size()).isEqualTo(3);
            String all = client.call(
                            "Email/get", "\"ids\":" + ids + ",\"properties\":[\"subject\",\"preview\",\"size\"]")
                    .toString();
            assertThat(all).contains("premier", "deuxieme", "troisieme").doesNotContain("SHA-256");
            var whole = client.call("Email/get", "\"ids\":" + ids + ",\"fetchTextBodyValues\":true");
            assertThat(whole.path("list").size()).as(whole.toString()).isEqualTo(3);
            assertThat(whole.toString())
                    .contains("premier 1 ", "deuxieme", "troisieme 1 ")
                    .doesNotContain("deuxieme 1 ");
            int refused = 0;
            for (var id : ids) {
                var answer = client.downloading(id.asText());
                if (answer.statusCode() != 200) {
                    refused++;
                    assertThat(answer.statusCode()).isEqualTo(500);
                    assertThat(answer.body()).contains("damaged").doesNotContain("SHA-256");
                }
            }
            assertThat(refused).isEqualTo(1);
        }
    }

    /** An operator who puts the file of a backup back need not restart anything. */
    @Test
    void whatIsWholeAgainIsRead() throws Exception {
        Map<String, String> cast = mail.cast();
        String ama = mailbox(cast, Damage.GONE);
        Path file = file(ama, "deuxieme");
        Path other = file(ama, "premier");
        byte[] bytes = Files.readAllBytes(other);
        try (ImapClient client = new ImapClient(mail.server(), ama)) {
            client.say("SELECT INBOX");
            client.ask("FETCH 2 BODY.PEEK[]");
            long damaged = mail.blobs().damaged();
            Files.write(file, bytes); // any whole object will do
            assertThat(client.ask("FETCH 2 BODY.PEEK[]").getLast()).contains("OK");
            assertThat(mail.blobs().damaged()).isEqualTo(damaged - 1);
        }
        assertThat(new String(bytes, StandardCharsets.ISO_8859_1)).contains("premier");
    }
}
