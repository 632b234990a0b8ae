package tg.gouv.messagerie.portal.management.showing;

/**
 * Where one may go.
 *
 * @param what it is, in one sentence; may be nothing
 */
public record Link(String place, String label, String what) {}
