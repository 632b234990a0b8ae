package tg.gouv.messagerie.directory.provisioning;

import tg.gouv.messagerie.directory.GroupCode;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.MailingLists;

/**
 * An address that delivers to everybody in a group.
 *
 * @param address the primary one, by which it is known
 * @param group one that no other list delivers to; its name is the list's
 * @param owner an address of a person or a function mailbox, which is told what could not be delivered
 */
public record MailingList(MailAddress address, GroupCode group, MailingLists.Writers writers, MailAddress owner) {}
