/**
 * The one HTTP server: TLS, limits, security headers, error pages in both languages.
 */
@NullMarked
package tg.gouv.messagerie.platform.http;

import org.jspecify.annotations.NullMarked;
