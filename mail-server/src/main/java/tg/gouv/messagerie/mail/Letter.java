package tg.gouv.messagerie.mail;

import java.util.List;
import java.util.UUID;
import tg.gouv.messagerie.directory.MailAddress;

/**
 * A message that the program writes of its own accord.
 *
 * @param id the same whenever the same letter is written again: its Message-ID is made of it
 * @param from in whose name, and where answers go
 * @param fromName as correspondents are shown it
 * @param recipients each named in the header
 * @param text plain, of any language; lines end with a line feed
 */
public record Letter(
        UUID id, MailAddress from, String fromName, List<MailAddress> recipients, String subject, String text) {
    public Letter {
        recipients = List.copyOf(recipients);
    }
}
