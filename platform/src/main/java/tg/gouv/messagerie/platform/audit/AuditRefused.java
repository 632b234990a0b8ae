package tg.gouv.messagerie.platform.audit;

/** The audit trail cannot be kept as the settings ask; the sentence says what, where, and what to do. */
public final class AuditRefused extends RuntimeException {
    private static final long serialVersionUID = 1;

    AuditRefused(String operator) {
        super(operator);
    }

    AuditRefused(String operator, Throwable cause) {
        super(operator, cause);
    }
}
