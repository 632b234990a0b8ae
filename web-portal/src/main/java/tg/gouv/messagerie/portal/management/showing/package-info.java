/** What pages of « Gestion » show: lists of things, and one thing with what can be done. */
@NullMarked
package tg.gouv.messagerie.portal.management.showing;

import org.jspecify.annotations.NullMarked;
