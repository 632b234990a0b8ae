/**
 * « Gestion » of many people at once: a file is brought, what it would change and what is wrong with it is shown, then it is imported, and
 * can be undone. Everything is judged by the directory, row by row.
 */
@NullMarked
package tg.gouv.messagerie.portal.management.imports;

import org.jspecify.annotations.NullMarked;
