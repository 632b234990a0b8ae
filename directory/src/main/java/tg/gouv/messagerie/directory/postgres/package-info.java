/**
 * The directory in PostgreSQL, schema {@code directory}.
 */
@NullMarked
package tg.gouv.messagerie.directory.postgres;

import org.jspecify.annotations.NullMarked;
