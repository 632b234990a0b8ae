package tg.gouv.messagerie.mail;

import java.net.InetAddress;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.MailAddress;

/**
 * For whom a JMAP request is made, as the HTTP door found out.
 *
 * @param account the primary address of the account whose mail is read and sent
 * @param id the same account
 * @param actor who signed in: the account itself, or somebody who holds the function mailbox
 * @param client where the client's connection comes from
 */
public record JmapPrincipal(MailAddress account, AccountId id, AccountId actor, InetAddress client) {}
