/**
 * Submission of messages by people: sign-in, who may write in whose name.
 */
@NullMarked
package tg.gouv.messagerie.mail.submission;

import org.jspecify.annotations.NullMarked;
