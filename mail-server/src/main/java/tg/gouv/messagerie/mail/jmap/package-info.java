/**
 * JMAP behind our HTTP door: whom it obeys.
 */
@NullMarked
package tg.gouv.messagerie.mail.jmap;

import org.jspecify.annotations.NullMarked;
