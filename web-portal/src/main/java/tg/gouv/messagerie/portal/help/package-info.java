/**
 * {@code /aide}: how each program is set up, and what each short code of a refusal means.
 */
@NullMarked
package tg.gouv.messagerie.portal.help;

import org.jspecify.annotations.NullMarked;
