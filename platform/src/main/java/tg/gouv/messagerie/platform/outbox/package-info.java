/**
 * Work that crosses capabilities: written with the act that causes it, done afterwards, once or at least once, in order where
 * order matters.
 */
@NullMarked
package tg.gouv.messagerie.platform.outbox;

import org.jspecify.annotations.NullMarked;
