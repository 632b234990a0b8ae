package tg.gouv.messagerie.mail;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.MailAddress;

/*
 * James's JMAP listens on the loopback interface, where every local process can reach it. It obeys only requests that carry
 * what this key signed: base64url(address "\n" client "\n" seconds) "." base64url(HMAC-SHA256 of that first part). The key
 * lives as long as the process and is never written.
 */
/** What the HTTP door and James's JMAP share, so that nobody else can name a principal. */
public final class JmapKey {
    /** The header that carries the signed principal. */
    public static final String HEADER = "X-Messagerie-Principal";

    /** A request passes from one to the other at once; a clock may be set meanwhile. */
    private static final Duration VALID = Duration.ofMinutes(1);

    private static final int BYTES = 32;
    private static final int LENGTH_MAX = 1_024;

    private final SecretKeySpec key;
    private final InstantSource clock;

    private JmapKey(SecretKeySpec key, InstantSource clock) {
        this.key = key;
        this.clock = clock;
    }

    /** A new key. */
    public static JmapKey random(SecureRandom random, InstantSource clock) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return new JmapKey(new SecretKeySpec(bytes, "HmacSHA256"), clock);
    }

    /** The value of {@link #HEADER} for a request that is passed on now. */
    public String sign(JmapPrincipal principal) {
        String said = String.join(
                "\n",
                principal.account().toString(),
                principal.id().toString(),
                principal.actor().toString(),
                principal.client().getHostAddress(),
                Long.toString(clock.instant().getEpochSecond()));
        String first = encode(said.getBytes(StandardCharsets.UTF_8));
        return first + "." + encode(mac(first));
    }

    /** Who is meant, or empty if the value was not signed by this key a moment ago. */
    public Optional<JmapPrincipal> verify(String value) {
        int dot = value.indexOf('.');
        if (dot < 0 || value.length() > LENGTH_MAX) {
            return Optional.empty();
        }
        String first = value.substring(0, dot);
        try {
            byte[] given = Base64.getUrlDecoder().decode(value.substring(dot + 1));
            if (!MessageDigest.isEqual(given, mac(first))) {
                return Optional.empty();
            }
            String[] said = new String(Base64.getUrlDecoder().decode(first), StandardCharsets.UTF_8).split("\n", -1);
            Duration age = Duration.between(Instant.ofEpochSecond(Long.parseLong(said[4])), clock.instant());
            return age.abs().compareTo(VALID) > 0
                    ? Optional.empty()
                    : Optional.of(new JmapPrincipal(
                            MailAddress.of(said[0]),
                            new AccountId(UUID.fromString(said[1])),
                            new AccountId(UUID.fromString(said[2])),
                            InetAddress.ofLiteral(said[3])));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // not base64url
        }
    }

    private byte[] mac(String text) {
        try {
            Mac mac = Mac.getInstance(key.getAlgorithm());
            mac.init(key);
            return mac.doFinal(text.getBytes(StandardCharsets.US_ASCII));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
