/**
 * Apache James, assembled: the only package that knows Guice.
 */
@NullMarked
package tg.gouv.messagerie.mail.james;

import org.jspecify.annotations.NullMarked;
