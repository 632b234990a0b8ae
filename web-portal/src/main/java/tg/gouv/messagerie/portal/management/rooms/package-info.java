/** Rooms and what is lent, of a part of the State. */
@NullMarked
package tg.gouv.messagerie.portal.management.rooms;

import org.jspecify.annotations.NullMarked;
