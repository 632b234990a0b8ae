/**
 * Who may do what in a mailbox (RFC 4314), asked wherever James 3.8.1 does not ask, for IMAP and JMAP alike; and what the audit
 * trail is told of it.
 */
@NullMarked
package tg.gouv.messagerie.mail.rights;

import org.jspecify.annotations.NullMarked;
