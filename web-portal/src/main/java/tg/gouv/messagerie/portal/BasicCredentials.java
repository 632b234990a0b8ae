package tg.gouv.messagerie.portal;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import tg.gouv.messagerie.directory.signin.SignIn;
import tg.gouv.messagerie.directory.signin.SignIns;
import tg.gouv.messagerie.platform.settings.Secret;

/** What a client says of itself with HTTP Basic (RFC 7617). */
record BasicCredentials(String login, Secret secret) implements Credentials {
    /** What a client without credentials is told. */
    static final String CHALLENGE = "Basic realm=\"gouv.tg\", charset=\"UTF-8\"";

    private static final String SCHEME = "Basic ";

    /** An address of 320 octets and a long sentence as password. */
    private static final int LENGTH_MAX = 2_048;

    @Override
    public SignIn signIn(SignIns signIns, InetAddress from, SignIns.Protocol protocol) {
        return signIns.signIn(login, secret, from, protocol);
    }

    /** The credentials of a request's Authorization fields; empty unless there is exactly one and it is understood. */
    static Optional<BasicCredentials> of(List<String> authorization) {
        if (authorization.size() != 1) {
            return Optional.empty();
        }
        String field = authorization.getFirst();
        // RFC 9110 section 11.1: the scheme in any case
        if (field.length() > LENGTH_MAX || !field.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return Optional.empty();
        }
        try {
            byte[] decoded =
                    Base64.getDecoder().decode(field.substring(SCHEME.length()).strip());
            String both = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(decoded))
                    .toString();
            int colon = both.indexOf(':');
            if (colon < 1 || both.chars().anyMatch(Character::isISOControl)) { // RFC 7617 section 2
                return Optional.empty();
            }
            return Optional.of(new BasicCredentials(both.substring(0, colon), new Secret(both.substring(colon + 1))));
        } catch (IllegalArgumentException | CharacterCodingException e) {
            return Optional.empty();
        }
    }
}
