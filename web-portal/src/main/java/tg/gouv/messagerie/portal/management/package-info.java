/**
 * « Gestion »: what focal points and administrators do for others, only what their rights allow. Every act is judged again where it is
 * done; before, its page shows what it would change.
 */
@NullMarked
package tg.gouv.messagerie.portal.management;

import org.jspecify.annotations.NullMarked;
