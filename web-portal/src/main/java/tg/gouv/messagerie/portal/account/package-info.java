/**
 * « Mon compte »: what a person sees and does of their own account, and how they come in.
 */
@NullMarked
package tg.gouv.messagerie.portal.account;

import org.jspecify.annotations.NullMarked;
