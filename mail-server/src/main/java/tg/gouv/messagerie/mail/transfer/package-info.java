/**
 * Mail from other servers: recipients, senders that claim to be ours.
 */
@NullMarked
package tg.gouv.messagerie.mail.transfer;

import org.jspecify.annotations.NullMarked;
