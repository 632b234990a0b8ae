/**
 * From the queue to the mailboxes.
 */
@NullMarked
package tg.gouv.messagerie.mail.delivery;

import org.jspecify.annotations.NullMarked;
