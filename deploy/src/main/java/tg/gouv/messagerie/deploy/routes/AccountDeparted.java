package tg.gouv.messagerie.deploy.routes;

import java.util.Optional;
import java.util.UUID;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.provisioning.Departed;

/**
 * What the outbox says of an account whose person left or came back.
 *
 * @param answer to which whoever writes to them is told to write instead
 */
record AccountDeparted(UUID account, String name, boolean away, Optional<String> answer) {
    static final String TOPIC = "account-departed";

    static AccountDeparted of(Departed departed) {
        return new AccountDeparted(
                departed.account().value(),
                departed.displayName(),
                departed.away(),
                departed.answer().map(MailAddress::toString));
    }
}
