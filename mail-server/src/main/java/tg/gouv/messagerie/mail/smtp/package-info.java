/**
 * What submission, transfer and LMTP share: lines, replies, limits, STARTTLS (RFC 5321, RFC 3207).
 */
@NullMarked
package tg.gouv.messagerie.mail.smtp;

import org.jspecify.annotations.NullMarked;
