/**
 * The one way to sign in, for every protocol.
 */
@NullMarked
package tg.gouv.messagerie.directory.signin;

import org.jspecify.annotations.NullMarked;
