/** What JMAP keeps of its own, in the schema {@code mail}; the changes of mailboxes are in {@code mail.postgres}. */
@NullMarked
package tg.gouv.messagerie.mail.jmap.postgres;

import org.jspecify.annotations.NullMarked;
