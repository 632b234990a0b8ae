/**
 * Files for the other capabilities. Nothing is built yet: WebDAV (RFC 4918) enters here.
 */
@NullMarked
package tg.gouv.messagerie.files;

import org.jspecify.annotations.NullMarked;
