package tg.gouv.messagerie.mail.submission;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tg.gouv.messagerie.directory.signin.SignIn;
import tg.gouv.messagerie.directory.signin.SignIns;
import tg.gouv.messagerie.platform.settings.Secret;

/**
 * What a client says with an access token (RFC 6750), by OAUTHBEARER (RFC 7628) or XOAUTH2.
 *
 * @param login whom it says it is, as {@link SignIns#signInWithToken} takes it
 */
public record Bearer(Optional<String> login, Secret token) implements Said {
    /** RFC 4954 section 4: no line of AUTH is longer, and none of the others need be. */
    static final int LENGTH_MAX = 12_288;

    private static final String SEPARATOR = "\u0001";

    /** RFC 5801 section 4; we bind to no channel, and who would ({@code p=}) is refused. */
    private static final Pattern GS2_HEADER = Pattern.compile("[ny],(?:a=([^,\\x00]+))?,");

    /** RFC 6750 section 2.1; the scheme in any case (RFC 7628 section 3.1). */
    private static final Pattern AUTH = Pattern.compile("(?i:auth=bearer) +([A-Za-z0-9._~+/-]+=*)");

    private static final Pattern USER = Pattern.compile("user=([^\\x00\\x01]*)");

    @Override
    public SignIn signIn(SignIns signIns, InetAddress from, SignIns.Protocol protocol) {
        return signIns.signInWithToken(login, token, from, protocol);
    }

    /** Reads the client's answer to OAUTHBEARER (RFC 7628 section 3.1): a header, and pairs of which only {@code auth} matters here. */
    public static Optional<Bearer> read(String base64) {
        return parts(base64).filter(parts -> !parts.getFirst().isEmpty()).flatMap(parts -> {
            Matcher header = GS2_HEADER.matcher(parts.getFirst());
            return header.matches()
                    ? said(Optional.ofNullable(header.group(1)).map(Bearer::name), parts)
                    : Optional.empty();
        });
    }

    /** Reads the client's answer to XOAUTH2: {@code user=…^Aauth=Bearer …^A^A}. */
    public static Optional<Bearer> readOld(String base64) {
        return parts(base64).flatMap(parts -> {
            Matcher user = USER.matcher(parts.getFirst());
            return user.matches()
                    ? said(Optional.of(user.group(1)).filter(it -> !it.isEmpty()), parts)
                    : Optional.empty();
        });
    }

    /** What stands before each separator, if it ends as it must. */
    private static Optional<List<String>> parts(String base64) {
        return Plain.decode(base64, LENGTH_MAX)
                .filter(text -> text.endsWith(SEPARATOR + SEPARATOR))
                .map(text -> Arrays.asList(text.substring(0, text.length() - 2).split(SEPARATOR, -1)));
    }

    private static Optional<Bearer> said(Optional<String> login, List<String> parts) {
        List<String> tokens = parts.stream()
                .map(AUTH::matcher)
                .filter(Matcher::matches)
                .map(it -> it.group(1))
                .toList();
        return tokens.size() == 1 ? Optional.of(new Bearer(login, new Secret(tokens.getFirst()))) : Optional.empty();
    }

    /** RFC 5801 section 4: a name with its commas and equals signs. */
    private static String name(String written) {
        return written.replace("=2C", ",").replace("=3D", "=");
    }
}
