/** The one provider of identities that the settings name, and its access tokens (RFC 7519, RFC 9068). */
@NullMarked
package tg.gouv.messagerie.directory.openid;

import org.jspecify.annotations.NullMarked;
