/**
 * PostgreSQL as the capabilities use it: one program's database, bounded connections per role, migrations per schema.
 */
@NullMarked
package tg.gouv.messagerie.platform.database;

import org.jspecify.annotations.NullMarked;
