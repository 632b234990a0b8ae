/** How a page of « Gestion » asks what is wanted, shows what it would change, and does it. */
@NullMarked
package tg.gouv.messagerie.portal.management.asking;

import org.jspecify.annotations.NullMarked;
