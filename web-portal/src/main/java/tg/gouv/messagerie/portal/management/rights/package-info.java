/** Rights that somebody has in a part of the State, and those they give. */
@NullMarked
package tg.gouv.messagerie.portal.management.rights;

import org.jspecify.annotations.NullMarked;
