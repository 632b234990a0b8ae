/**
 * What became of accepted mail, as an operator asks: who, when, where to; never content.
 */
@NullMarked
package tg.gouv.messagerie.mail.trace;

import org.jspecify.annotations.NullMarked;
