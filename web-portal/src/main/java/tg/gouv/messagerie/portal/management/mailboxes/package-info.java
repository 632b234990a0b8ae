/** Function mailboxes of a part of the State: who reads and who answers. */
@NullMarked
package tg.gouv.messagerie.portal.management.mailboxes;

import org.jspecify.annotations.NullMarked;
