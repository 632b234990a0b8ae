package tg.gouv.messagerie.deploy.routes;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.mail.Letter;
import tg.gouv.messagerie.mail.Submission;
import tg.gouv.messagerie.platform.language.Messages;
import tg.gouv.messagerie.platform.outbox.Delivery;

/** Writes to a person whose account became active: in their language first, in the other one below. */
final class Welcome {
    private final Submission submission;
    private final Sender sender;
    private final String portal;
    private final Optional<String> sealed;
    private final Optional<String> note;

    /**
     * Welcomes.
     *
     * @param portal the address of the page that says how to connect
     * @param sealed where what people send outside arrives, if nothing leaves this installation
     * @param note what the installation's administrators have to add
     */
    Welcome(Submission submission, Sender sender, String portal, Optional<String> sealed, Optional<String> note) {
        this.submission = submission;
        this.sender = sender;
        this.portal = portal;
        this.sealed = sealed;
        this.note = note;
    }

    void send(Connection connection, Delivery delivery) throws SQLException {
        AccountActivated account = Payload.read(delivery, AccountActivated.class);
        if (!account.person()) {
            return;
        }
        MailAddress address = MailAddress.of(account.address());
        Messages first = Messages.beside(Welcome.class, Locale.of(account.language()));
        Messages second =
                Messages.beside(Welcome.class, first.locale().equals(Locale.FRENCH) ? Locale.ENGLISH : Locale.FRENCH);
        submission.submit(
                connection,
                new Letter(
                        delivery.id(),
                        sender.address(address.domain()),
                        sender.name(first),
                        List.of(address),
                        first.text("welcome.subject", address.domain()),
                        text(first, account) + "\n" + "-".repeat(20) + "\n\n" + text(second, account)
                                + note.map(it -> "\n" + "-".repeat(20) + "\n\n" + it + "\n")
                                        .orElse("")));
    }

    private String text(Messages messages, AccountActivated account) {
        return messages.text("welcome.text", account.name(), account.address(), portal)
                + sealed.map(it -> "\n" + messages.text("welcome.sealed", it)).orElse("");
    }
}
