/**
 * What browsers and HTTP clients meet on the public port.
 */
@NullMarked
package tg.gouv.messagerie.portal;

import org.jspecify.annotations.NullMarked;
