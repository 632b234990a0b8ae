/**
 * Who exists: entities, positions, people, accounts, addresses, function mailboxes. Records and look-ups, no I/O.
 */
@NullMarked
package tg.gouv.messagerie.directory;

import org.jspecify.annotations.NullMarked;
