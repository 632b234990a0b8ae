/**
 * The help desk: how a person's account is, never what is in it, and what makes it answer again.
 */
@NullMarked
package tg.gouv.messagerie.directory.help;

import org.jspecify.annotations.NullMarked;
