/**
 * Calendars for the other capabilities. Nothing is built yet: CalDAV (RFC 4791) enters here.
 */
@NullMarked
package tg.gouv.messagerie.calendar;

import org.jspecify.annotations.NullMarked;
