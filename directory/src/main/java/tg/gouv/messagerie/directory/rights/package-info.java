/**
 * Who may do what in the directory, on what, by whose gift, from and until when; rights are data.
 */
@NullMarked
package tg.gouv.messagerie.directory.rights;

import org.jspecify.annotations.NullMarked;
