package tg.gouv.messagerie.mail.submission;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import tg.gouv.messagerie.directory.signin.SignIn;
import tg.gouv.messagerie.directory.signin.SignIns;
import tg.gouv.messagerie.platform.settings.Secret;

/**
 * What a client says with SASL PLAIN (RFC 4616), or with a protocol's own LOGIN.
 *
 * @param login as {@link tg.gouv.messagerie.directory.signin.SignIns} takes it
 */
public record Plain(String login, Secret secret) implements Said {
    /** RFC 4616 section 2 allows 255 octets each; addresses of two accounts and a long secret fit. */
    private static final int LENGTH_MAX = 2_048;

    @Override
    public SignIn signIn(SignIns signIns, InetAddress from, SignIns.Protocol protocol) {
        return signIns.signIn(login, secret, from, protocol);
    }

    /** Reads the client's answer to PLAIN; another authorization identity than its own opens that function mailbox. */
    public static Optional<Plain> read(String base64) {
        Optional<String> decoded = decode(base64);
        if (decoded.isEmpty()) {
            return Optional.empty();
        }
        String[] parts = decoded.get().split("\0", -1);
        if (parts.length != 3 || parts[1].isEmpty() || parts[2].isEmpty()) {
            return Optional.empty();
        }
        String login = parts[0].isEmpty() || parts[0].equals(parts[1]) ? parts[1] : parts[0] + "*" + parts[1];
        return Optional.of(new Plain(login, new Secret(parts[2])));
    }

    /** The UTF-8 text behind a line of base64, with or without its line end. */
    static Optional<String> decode(String base64) {
        return decode(base64, LENGTH_MAX);
    }

    /** The same of a line of another length. */
    static Optional<String> decode(String base64, int lengthMax) {
        String line = base64.strip();
        if (line.length() > lengthMax) {
            return Optional.empty();
        }
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(Base64.getDecoder().decode(line)))
                    .toString());
        } catch (IllegalArgumentException | CharacterCodingException _) {
            return Optional.empty();
        }
    }
}
