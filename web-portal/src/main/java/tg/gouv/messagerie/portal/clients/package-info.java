/**
 * Mail programs that set themselves up: what they ask for by themselves, what a phone installs, and the same settings in words.
 */
@NullMarked
package tg.gouv.messagerie.portal.clients;

import org.jspecify.annotations.NullMarked;
