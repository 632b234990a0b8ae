package tg.gouv.messagerie.portal;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tg.gouv.messagerie.directory.signin.SignIn;
import tg.gouv.messagerie.directory.signin.SignIns;
import tg.gouv.messagerie.platform.settings.Secret;

/** An access token (RFC 6750 section 2.1). */
record BearerCredentials(Secret token) implements Credentials {
    /** What a client without credentials is told where tokens are taken. */
    static final String CHALLENGE = "Bearer realm=\"gouv.tg\"";

    /** What a client is told whose token opens nothing (RFC 6750 section 3.1). */
    static final String WRONG = CHALLENGE + ", error=\"invalid_token\"";

    private static final Pattern FIELD = Pattern.compile("(?i:bearer) +([A-Za-z0-9._~+/-]{1,8192}=*)");

    static Optional<Credentials> of(List<String> authorization) {
        if (authorization.size() != 1) {
            return Optional.empty();
        }
        Matcher field = FIELD.matcher(authorization.getFirst());
        return field.matches() ? Optional.of(new BearerCredentials(new Secret(field.group(1)))) : Optional.empty();
    }

    @Override
    public SignIn signIn(SignIns signIns, InetAddress from, SignIns.Protocol protocol) {
        return signIns.signInWithToken(Optional.empty(), token, from, protocol);
    }
}
