package tg.gouv.messagerie.mail.james;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tg.gouv.messagerie.mail.queue.QueueAct;
import tg.gouv.messagerie.mail.queue.QueueActed;
import tg.gouv.messagerie.mail.queue.QueueFilter;
import tg.gouv.messagerie.mail.queue.QueuedMessage;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Sql;

/** An operator holds a message of a running server and returns it. */
class ReturnedByOperatorTest {
    private static final String SUBMISSION = """
            CONNECT submissions TLS
            S: 220 .*
            C: EHLO client
            S*: 250-.*
            S: 250 .*
            C: AUTH PLAIN ${ama.plain}
            S: 235 .*
            C: MAIL FROM:<${ama}>
            S: 250 .*
            C: RCPT TO:<${kofi}>
            S: 250 .*
            C: DATA
            S: 354 .*
            C: From: ${ama}
            C: Message-ID: <pas-remis@gouv.test>
            C: Subject: secret
            C:
            C: x
            C: .
            S: 250 .*
            """;

    private static final String RETURN = """
            CONNECT imaps TLS
            S: \\* OK .*
            C: a1 LOGIN ${ama} ${secret}
            S: a1 OK.*
            POLL STATUS INBOX (MESSAGES) => \\* STATUS "?INBOX"? \\(MESSAGES 1\\)
            C: a2 SELECT INBOX
            S..
            S: a2 OK.*
            C: a3 FETCH 1 BODY.PEEK[]
            S: \\* 1 FETCH .*
            S..
            S: In-Reply-To: <pas-remis@gouv.test>
            S..
            S: Final-Recipient: rfc822; ${kofi}
            S: Action: failed
            S: Status: 5\\.7\\.1
            S..
            S: a3 OK.*
            """;

    @TempDir
    private Path folder;

    @Test
    void theSenderIsToldAndTheRecipientReceivesNothing() throws Exception {
        try (TestMail mail = new TestMail(TestMail.settings())) {
            Connections connections = mail.stored().connections("test", "mail", 1);
            // Everything that arrives is held at once.
            sql(connections, "alter table queue_mail alter column held_since set default now()");
            Map<String, String> cast = mail.cast();
            run(mail, cast, SUBMISSION);
            sql(connections, "alter table queue_mail alter column held_since drop default");

            List<QueuedMessage> held = mail.server().queue().list(QueueFilter.all(), Optional.empty(), 10);
            assertThat(held).singleElement().satisfies(message -> {
                assertThat(message.state()).isEqualTo(QueuedMessage.State.HELD);
                assertThat(message.recipients()).containsExactly(cast.get("kofi"));
                assertThat(message.client()).contains("127.0.0.1");
            });
            QueueFilter which = new QueueFilter(
                    List.of(),
                    Optional.of(String.valueOf(cast.get("ama"))),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Set.of(QueuedMessage.State.HELD));
            assertThat(mail.server().queue().act(QueueAct.BOUNCE, which, "hameçonnage"))
                    .isEqualTo(new QueueActed(1, 0));

            run(mail, cast, RETURN);
            run(mail, cast, """
                    CONNECT imaps TLS
                    S: \\* OK .*
                    C: a1 LOGIN ${kofi} ${secret}
                    S: a1 OK.*
                    C: a2 STATUS INBOX (MESSAGES)
                    S: \\* STATUS "?INBOX"? \\(MESSAGES 0\\)
                    S: a2 OK.*
                    """);
        }
    }

    private void run(TestMail mail, Map<String, String> cast, String script) throws Exception {
        Path file = Files.writeString(folder.resolve("script.test"), script);
        new Script(file, mail.server(), cast).run();
    }

    private static void sql(Connections connections, String sql) {
        connections.<Integer, RuntimeException>autoCommit(c -> Sql.update(c, sql));
    }
}
