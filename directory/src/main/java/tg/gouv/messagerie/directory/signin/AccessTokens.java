package tg.gouv.messagerie.directory.signin;

import java.time.Instant;
import java.util.Set;
import tg.gouv.messagerie.platform.settings.Secret;

/** The access tokens of a provider of identities (RFC 6749 section 1.4): whoever has one is whom it names. */
public interface AccessTokens {
    /**
     * Tells what a token says, if it is the provider's, for us, and serves now. May ask the provider for its keys: blocks as long as the
     * settings let it.
     *
     * @throws ProviderUnavailable if it cannot be told, since the provider does not answer
     */
    Judged judge(Secret token, Instant now);

    /** A token looked at. */
    sealed interface Judged {
        /**
         * It is the provider's, for us, and serves.
         *
         * @param account what names the account, mostly an address
         * @param issued when, to a second
         * @param until when it ends, its clock's inaccuracy forgiven
         * @param methods how the provider knew the person (RFC 8176)
         */
        record Right(String account, Instant issued, Instant until, Set<String> methods) implements Judged {}

        /** It opens nothing. */
        record Wrong(Reason reason) implements Judged {}
    }

    /** Why a token opens nothing. */
    enum Reason {
        /** It is no signed JSON Web Token, too long, or what it must say is missing. */
        MALFORMED(false),
        /** Another's. */
        ISSUER(false),
        /** Another kind of token. */
        TYPE(false),
        /** Signed with none, with a secret both sides know, or with what the settings do not name. */
        ALGORITHM(false),
        /** Signed with a key that the provider does not have. */
        KEY(false),
        SIGNATURE(false),
        /** Meant for others. */
        AUDIENCE(true),
        /** Bound to a key of its owner's (RFC 9449, RFC 8705), for which nobody can be asked here. */
        BOUND(true),
        SCOPE(true),
        NOT_YET(true),
        EXPIRED(true);

        private final boolean signed;

        Reason(boolean signed) {
            this.signed = signed;
        }

        /** Whether the provider has signed it: it was no guess. */
        boolean isSigned() {
            return signed;
        }
    }
}
