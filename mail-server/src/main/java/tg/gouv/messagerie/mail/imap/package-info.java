/**
 * IMAP: sign-in, limits before and after it, back-pressure.
 */
@NullMarked
package tg.gouv.messagerie.mail.imap;

import org.jspecify.annotations.NullMarked;
