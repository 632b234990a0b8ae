package tg.gouv.messagerie.deploy.routes;

import java.util.List;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.platform.language.Messages;

/**
 * In whose name the program writes: the first administrator's, who reads the answers; the postmaster's (RFC 5321 section 4.5.1) where
 * nobody is named.
 */
record Sender(List<MailAddress> administrators) {
    /**
     * The address.
     *
     * @param domain of whom it is written to
     */
    MailAddress address(String domain) {
        return administrators.isEmpty() ? new MailAddress("postmaster", domain) : administrators.getFirst();
    }

    String name(Messages messages) {
        return messages.text("sender");
    }
}
