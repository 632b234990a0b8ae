package tg.gouv.messagerie.mail.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import javax.mail.Flags;
import org.apache.james.mailbox.model.Mailbox;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.mail.KeptMail;
import tg.gouv.messagerie.platform.database.Sql;

/** All that is kept of an account is read out, and nothing of another's. */
class PostgresKeptMailTest {
    private final TestStore store = new TestStore();

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void everythingOfOneAccountIsReadOut() throws Exception {
        Mailbox inbox = store.mailbox("ama", "INBOX");
        Mailbox archive = store.mailbox("ama", "Archive.Été");
        store.mailbox("kofi", "INBOX");
        Flags flags = new Flags(Flags.Flag.SEEN);
        flags.add("$Important");
        byte[] large = new byte[100_000];
        Arrays.fill(large, (byte) 'x');
        System.arraycopy("A: b\r\n\r\n".getBytes(StandardCharsets.US_ASCII), 0, large, 0, 8);
        store.messages.add(inbox, store.message(inbox, large, 8, flags));
        for (int i = 0; i < 300; i++) {
            store.messages.add(
                    archive,
                    store.message(
                            archive, ("A: " + i + "\r\n\r\nb").getBytes(StandardCharsets.US_ASCII), 8, new Flags()));
        }
        UUID owner = store.connections
                .autoCommit(c -> Sql.first(
                        c,
                        row -> row.getObject(1, UUID.class),
                        "select owner_id from mailbox where id = ?",
                        PostgresMailboxId.number(inbox.getMailboxId())))
                .orElseThrow();
        store.connections.autoCommit(c -> Sql.update(
                c,
                "insert into sieve_script(owner_id, name, content, activated) values (?, 'tri', ?, now())",
                owner,
                "keep;".getBytes(StandardCharsets.US_ASCII)));
        store.connections.autoCommit(c -> Sql.update(
                c,
                "insert into vacation(owner_id, enabled, subject, text_body) values (?, true, 'Absente', 'Je reviens')",
                owner));
        Read read = new Read();
        store.mappers.kept().read(new AccountId(owner), read);
        assertThat(read.told).hasSize(2 + 301 + 2);
        assertThat(read.told.getFirst()).isEqualTo("mailbox Archive.Été");
        assertThat(read.told.get(1)).isEqualTo("1 [] 9");
        assertThat(read.told.get(300)).startsWith("300 []");
        assertThat(read.told.get(301)).isEqualTo("mailbox INBOX");
        assertThat(read.told.get(302)).isEqualTo("1 [\\Seen, $Important] 100000");
        assertThat(read.told.get(303)).isEqualTo("filter tri true keep;");
        assertThat(read.told.get(304))
                .contains("Absente")
                .contains("Je reviens")
                .contains("enabled=true");
    }

    private static final class Read implements KeptMail.Reader {
        private final List<String> told = new ArrayList<>();

        @Override
        public void mailbox(String name, KeptMail.Messages messages) throws IOException {
            told.add("mailbox " + name);
            messages.each(message -> told.add(message.uid() + " " + message.flags() + " "
                    + message.octets().readAllBytes().length));
        }

        @Override
        public void filter(String name, boolean active, byte[] script) {
            told.add("filter " + name + " " + active + " " + new String(script, StandardCharsets.US_ASCII));
        }

        @Override
        public void absence(KeptMail.Absence absence) {
            told.add(absence.toString());
        }
    }
}
