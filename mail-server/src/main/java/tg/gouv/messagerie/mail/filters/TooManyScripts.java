package tg.gouv.messagerie.mail.filters;

import org.apache.james.sieverepository.api.exception.QuotaExceededException;

/** An account has as many scripts as it may have. */
final class TooManyScripts extends QuotaExceededException {
    private static final long serialVersionUID = 1;

    TooManyScripts(int most) {
        super("An account has at most " + most + " scripts");
    }
}
