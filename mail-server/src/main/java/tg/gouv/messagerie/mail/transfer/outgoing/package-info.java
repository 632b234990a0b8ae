/**
 * Mail to other servers: where it goes, how it is handed over, when it is tried again, who is told that it failed.
 */
@NullMarked
package tg.gouv.messagerie.mail.transfer.outgoing;

import org.jspecify.annotations.NullMarked;
