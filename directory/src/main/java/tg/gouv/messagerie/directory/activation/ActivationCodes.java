package tg.gouv.messagerie.directory.activation;

import java.net.InetAddress;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.platform.settings.Secret;

/**
 * One-time codes of accounts. Until a code is used its account has no password, so it signs in nowhere. Every method may be called
 * from any thread that may block, and throws {@link tg.gouv.messagerie.platform.database.StoreUnavailable} when PostgreSQL does not
 * answer; nothing was changed then.
 */
public interface ActivationCodes {
    /**
     * Issues a code to a person's account, in place of the one before; its row of the audit trail is written with it. The code is
     * in the answer and nowhere else.
     *
     * @param address any address of the account
     * @param despitePassword whether an account that has a password gets one too, with which it is replaced
     * @throws tg.gouv.messagerie.directory.provisioning.ProvisioningRefused if it gets none
     */
    Issued issue(MailAddress address, boolean despitePassword);

    /**
     * How many people of an entity and below it have no password yet, as {@link #issueTo} would meet them.
     *
     * @throws tg.gouv.messagerie.directory.provisioning.ProvisioningRefused if there is no such entity, or who acts may not give its people
     *     passwords
     */
    Waiting waiting(EntityCode entity);

    /**
     * Issues codes to everybody of an entity and below it who has no password and whose account is not suspended or closed, one after the
     * other: entity by entity down the tree, in the order of their addresses there. Each is durable before it is told. Who is beyond the rights
     * of who acts, or has changed meanwhile, gets none.
     *
     * @param again whether also to those whose code still serves, in place of it
     * @param told hears of each; if it throws, no more are issued
     * @return how many
     * @throws tg.gouv.messagerie.directory.provisioning.ProvisioningRefused if there is no such entity, or who acts may not give its people
     *     passwords
     */
    int issueTo(EntityCode entity, boolean again, Consumer<Letter> told);

    /**
     * Gives an account a password, if the code is its own and still serves; the code serves no more then. Attempts are counted and
     * made to wait as those to sign in are, and with them.
     *
     * @param address any address of the account
     * @param code as somebody typed it: case, spaces and hyphens do not matter
     * @param from where that was
     */
    Activated activate(String address, Secret code, Secret password, InetAddress from);

    /** Removes codes whose time is over, each with its row of the audit trail; returns how many. */
    int sweep();

    /**
     * A code that was issued.
     *
     * @param code in groups, as it is to be printed
     */
    record Issued(AccountId account, Secret code, Instant expires) {}

    /**
     * People without a password whose accounts are neither suspended nor closed.
     *
     * @param people all of them
     * @param served those who have a code that serves
     */
    record Waiting(int people, int served) {
        /** Those who never had a code, or whose code is over. */
        public int unserved() {
            return people - served;
        }
    }

    /**
     * What the letter to a person says.
     *
     * @param language the person's
     * @param service the entity to which the person belongs
     */
    record Letter(
            Optional<String> registrationNumber,
            String name,
            Locale language,
            MailAddress address,
            Service service,
            Issued issued) {}

    /**
     * An entity whose people get letters.
     *
     * @param letters how many of them, unless something stops in between
     */
    record Service(String code, String name, int letters) {}

    /** What came of an attempt. */
    sealed interface Activated {
        /** The account has this password now. */
        record Done(AccountId account) implements Activated {}

        /** Unknown account, wrong code, one that was used or is over: neither the answer nor its time tells which. */
        record Refused() implements Activated {}

        /** Too many wrong ones: nothing was looked at. */
        record Throttled(Instant until) implements Activated {}

        /** No password can be like this; the code was not looked at, and serves still. */
        record BadPassword() implements Activated {}
    }
}
