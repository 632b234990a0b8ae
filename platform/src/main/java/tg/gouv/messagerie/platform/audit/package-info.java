/**
 * The audit trail: who did what, on whose behalf, on what, from where, when, with what outcome. Written with the act, sealed
 * into a chain of digests, its heads signed and kept outside.
 */
@NullMarked
package tg.gouv.messagerie.platform.audit;

import org.jspecify.annotations.NullMarked;
