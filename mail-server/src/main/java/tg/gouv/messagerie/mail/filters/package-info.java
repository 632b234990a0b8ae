/**
 * ManageSieve: people's filters.
 */
@NullMarked
package tg.gouv.messagerie.mail.filters;

import org.jspecify.annotations.NullMarked;
