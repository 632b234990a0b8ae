/**
 * The short codes that refusals carry (« aide E11 »), and what they mean to who reads one.
 */
@NullMarked
package tg.gouv.messagerie.platform.help;

import org.jspecify.annotations.NullMarked;
