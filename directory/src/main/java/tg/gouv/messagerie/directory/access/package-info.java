/** What an account's owner may know of who has opened it. */
@NullMarked
package tg.gouv.messagerie.directory.access;

import org.jspecify.annotations.NullMarked;
