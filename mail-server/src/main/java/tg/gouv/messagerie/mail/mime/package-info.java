/**
 * How a message is divided into parts (RFC 2046), by position and in one pass; knows neither protocol nor store.
 */
@NullMarked
package tg.gouv.messagerie.mail.mime;

import org.jspecify.annotations.NullMarked;
