package tg.gouv.messagerie.deploy.routes;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.mail.Letter;
import tg.gouv.messagerie.mail.Submission;
import tg.gouv.messagerie.platform.language.Messages;
import tg.gouv.messagerie.platform.outbox.Delivery;

/** Writes to a person that another password was chosen with their recovery codes, in case it was not they. */
record Recovery(Submission submission, Sender sender) {
    void send(Connection connection, Delivery delivery) throws SQLException {
        PasswordRecovered account = Payload.read(delivery, PasswordRecovered.class);
        MailAddress address = MailAddress.of(account.address());
        Messages messages = Messages.beside(Recovery.class, Locale.of(account.language()));
        submission.submit(
                connection,
                new Letter(
                        delivery.id(),
                        sender.address(address.domain()),
                        sender.name(messages),
                        List.of(address),
                        messages.text("recovered.subject"),
                        messages.text("recovered.text", account.name())));
    }
}
