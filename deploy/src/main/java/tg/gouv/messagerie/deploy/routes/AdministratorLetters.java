package tg.gouv.messagerie.deploy.routes;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import tg.gouv.messagerie.mail.Letter;
import tg.gouv.messagerie.mail.Submission;
import tg.gouv.messagerie.platform.language.Messages;
import tg.gouv.messagerie.platform.outbox.Delivery;

/** Letters to all administrators, in French and English, on what they must look at. */
final class AdministratorLetters {
    private final Submission submission;
    private final Sender sender;
    private final String server;

    /**
     * Writes letters.
     *
     * @param server the name by which the administrators know this server
     */
    AdministratorLetters(Submission submission, Sender sender, String server) {
        this.submission = submission;
        this.sender = sender;
        this.server = server;
    }

    void deadLetters(Connection connection, Delivery delivery) throws SQLException {
        Finding.DeadLettersFound found = Payload.read(delivery, Finding.DeadLettersFound.class);
        send(
                connection,
                delivery,
                "dead-letters",
                server,
                found.ofTopic(),
                String.valueOf(found.dead()),
                found.cause());
    }

    void certificate(Connection connection, Delivery delivery) throws SQLException {
        Finding.CertificateEnds found = Payload.read(delivery, Finding.CertificateEnds.class);
        String ends = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT)
                .format(found.ends().atOffset(ZoneOffset.UTC));
        send(connection, delivery, "certificate", server, ends);
    }

    private void send(Connection connection, Delivery delivery, String key, Object... values) throws SQLException {
        if (sender.administrators().isEmpty()) {
            return; // they were named when it was found, and are not any more
        }
        Messages french = Messages.beside(AdministratorLetters.class, Locale.FRENCH);
        Messages english = Messages.beside(AdministratorLetters.class, Locale.ENGLISH);
        submission.submit(
                connection,
                new Letter(
                        delivery.id(),
                        sender.administrators().getFirst(),
                        sender.name(french),
                        sender.administrators(),
                        french.text(key + ".subject", values),
                        french.text(key + ".text", values) + "\n" + "-".repeat(20) + "\n\n"
                                + english.text(key + ".text", values)));
    }
}
