package tg.gouv.messagerie.mail;

import java.io.IOException;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import tg.gouv.messagerie.directory.MailAddress;

/** Accepts messages that the program itself sends, such as a welcome: the same queue and path as a client's submission. */
public interface Submission {
    /**
     * Accepts a message for delivery; it is durable when this returns.
     *
     * @param sender the envelope's reverse-path
     * @param recipients 1 to 5,000, each delivered to on its own
     * @param message a whole message (RFC 5322), CRLF line ends
     * @throws IOException if the stream failed; nothing was accepted
     * @throws tg.gouv.messagerie.platform.database.StoreUnavailable if PostgreSQL does not answer; nothing was accepted
     */
    void submit(MailAddress sender, Collection<MailAddress> recipients, InputStream message) throws IOException;

    /**
     * Accepts a letter for delivery in the transaction of the caller: it is durable with it, and delivered after its commit. Nobody
     * is told when it cannot be delivered: its reverse-path is empty, as that of a program's own messages (RFC 3834 section 3.3).
     *
     * @param connection whose search path is the schema {@code mail}
     * @param letter of at most 32 KB as it is sent, to 1 to 5,000 recipients
     * @throws SQLException if PostgreSQL fails; the transaction cannot go on
     */
    void submit(Connection connection, Letter letter) throws SQLException;
}
