/**
 * Accepted mail on its way, as an operator sees and directs it: envelopes, never content.
 */
@NullMarked
package tg.gouv.messagerie.mail.queue;

import org.jspecify.annotations.NullMarked;
