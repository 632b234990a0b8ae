/**
 * What WebDAV (RFC 4918) is to calendars, address books and files alike: what a client asks of properties, and the answer of many parts.
 */
@NullMarked
package tg.gouv.messagerie.platform.dav;

import org.jspecify.annotations.NullMarked;
