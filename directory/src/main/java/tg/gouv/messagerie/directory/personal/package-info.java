/**
 * Everything that is kept of one person, as an archive that they can read.
 */
@NullMarked
package tg.gouv.messagerie.directory.personal;

import org.jspecify.annotations.NullMarked;
