package tg.gouv.messagerie.directory.signin;

/** The provider of identities does not answer, so nothing was told of a token: say « try later », never « wrong ». */
public final class ProviderUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Says what happened, for the operator. */
    public ProviderUnavailable(String operator) {
        super(operator);
    }

    /** Says what happened, and because of what. */
    public ProviderUnavailable(String operator, Throwable cause) {
        super(operator, cause);
    }
}
