/**
 * How an account gets its first password: by a code that is told once, on paper or on a terminal, and serves once.
 */
@NullMarked
package tg.gouv.messagerie.directory.activation;

import org.jspecify.annotations.NullMarked;
