package tg.gouv.messagerie.deploy.routes;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Locale;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.mail.DepartedAccounts;
import tg.gouv.messagerie.platform.language.Messages;
import tg.gouv.messagerie.platform.outbox.Delivery;

/** Has whoever writes to somebody who has left told so, in both languages; ends that when they come back. */
final class Departure {
    private final DepartedAccounts mail;

    Departure(DepartedAccounts mail) {
        this.mail = mail;
    }

    void follow(Connection connection, Delivery delivery) throws SQLException {
        AccountDeparted departed = Payload.read(delivery, AccountDeparted.class);
        AccountId account = new AccountId(departed.account());
        if (!departed.away()) {
            mail.comeBack(connection, account);
            return;
        }
        Messages french = Messages.beside(Departure.class, Locale.FRENCH);
        Messages english = Messages.beside(Departure.class, Locale.ENGLISH);
        mail.leave(
                connection,
                account,
                french.text("departed.subject", departed.name()) + " / "
                        + english.text("departed.subject", departed.name()),
                text(french, departed) + "\n" + "-".repeat(20) + "\n\n" + text(english, departed));
    }

    private static String text(Messages messages, AccountDeparted departed) {
        return departed.answer()
                .map(answer -> messages.text("departed.answer", departed.name(), answer))
                .orElseGet(() -> messages.text("departed.text", departed.name()));
    }
}
