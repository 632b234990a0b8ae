/**
 * Every sentence a civil servant or an administrator reads, in French and in English.
 */
@NullMarked
package tg.gouv.messagerie.platform.language;

import org.jspecify.annotations.NullMarked;
