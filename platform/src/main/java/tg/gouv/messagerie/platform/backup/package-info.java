/**
 * Backups: everything a system holds, at one moment, in one folder; and the way back.
 */
@NullMarked
package tg.gouv.messagerie.platform.backup;

import org.jspecify.annotations.NullMarked;
