/**
 * XML that comes from anybody, read within bounds, and XML that is written.
 */
@NullMarked
package tg.gouv.messagerie.platform.xml;

import org.jspecify.annotations.NullMarked;
