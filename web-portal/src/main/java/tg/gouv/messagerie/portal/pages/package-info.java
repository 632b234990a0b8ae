/**
 * The ground of every page: which address leads where and for whom, sessions, forms, languages, and how a page is written. The only
 * package of pages that knows Jetty.
 */
@NullMarked
package tg.gouv.messagerie.portal.pages;

import org.jspecify.annotations.NullMarked;
