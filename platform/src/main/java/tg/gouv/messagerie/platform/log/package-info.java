/**
 * The log for operators: one event a line, {@code key=value}, in a file that has bounds.
 */
@NullMarked
package tg.gouv.messagerie.platform.log;

import org.jspecify.annotations.NullMarked;
