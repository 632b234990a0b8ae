/** Groups and mailing lists of who administers a part of the State. */
@NullMarked
package tg.gouv.messagerie.portal.management.groups;

import org.jspecify.annotations.NullMarked;
