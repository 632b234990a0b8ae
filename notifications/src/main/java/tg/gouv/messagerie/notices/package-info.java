/**
 * Official notices for the other capabilities. Nothing is built yet.
 */
@NullMarked
package tg.gouv.messagerie.notices;

import org.jspecify.annotations.NullMarked;
