/**
 * The server's certificate: a private authority or the PEM files of the settings, reloaded without a restart.
 */
@NullMarked
package tg.gouv.messagerie.platform.tls;

import org.jspecify.annotations.NullMarked;
