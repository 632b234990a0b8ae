/**
 * Mail for the other capabilities: mailboxes, submission, settings. Records and interfaces, no I/O.
 */
@NullMarked
package tg.gouv.messagerie.mail;

import org.jspecify.annotations.NullMarked;
