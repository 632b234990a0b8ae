/**
 * James's mailbox store and mail queue in PostgreSQL, schema {@code mail}.
 */
@NullMarked
package tg.gouv.messagerie.mail.postgres;

import org.jspecify.annotations.NullMarked;
