package tg.gouv.messagerie.mail.postgres;

import java.util.Set;
import org.apache.james.core.Username;
import org.apache.james.jmap.api.change.State;

/**
 * How far an account's changes have come, as JMAP tells clients that wait for them.
 *
 * @param sharees who else sees the mailbox that changed
 * @param pushed whether a device of the account, or of somebody who may act for it, asked to be woken
 */
public record AccountState(State emails, State mailboxes, Set<Username> sharees, boolean pushed) {}
