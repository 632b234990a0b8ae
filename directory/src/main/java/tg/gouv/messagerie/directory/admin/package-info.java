/**
 * The administration over HTTP: {@code /api/v1}, described by its own OpenAPI document.
 */
@NullMarked
package tg.gouv.messagerie.directory.admin;

import org.jspecify.annotations.NullMarked;
