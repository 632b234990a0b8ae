/** « Gestion » of a part of the State that is chosen by its name: the letters of a service, the audit trail of a part. */
@NullMarked
package tg.gouv.messagerie.portal.management.parts;

import org.jspecify.annotations.NullMarked;
