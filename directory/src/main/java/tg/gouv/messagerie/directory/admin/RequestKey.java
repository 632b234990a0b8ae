package tg.gouv.messagerie.directory.admin;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.server.Request;
import tg.gouv.messagerie.directory.provisioning.RememberedRequests;

/**
 * The key that a client gave to a request, so that it is done once (draft-ietf-httpapi-idempotency-key-header).
 *
 * @param request SHA-256 of everything that is asked: another request with the same key is an error of the client
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record RequestKey(String value, byte[] request) {
    static final String FIELD = "Idempotency-Key";

    /** A String (RFC 9651 section 3.3.3), or its characters alone, as many clients write it. */
    private static final Pattern WRITTEN = Pattern.compile(
            "\"(?<string>(?:[\\x20-\\x7e&&[^\"\\\\]]|\\\\[\"\\\\])+)\"|(?<bare>[A-Za-z0-9!#$%&'*+./:=^_`|~-]+)");

    /**
     * The key of a request, if it has one.
     *
     * @param body as it came
     * @throws Problem 400 if it is none
     */
    static Optional<RequestKey> of(Request request, String ifMatch, String body) {
        List<String> fields = request.getHeaders().getValuesList(FIELD);
        if (fields.isEmpty()) {
            return Optional.empty();
        }
        Matcher written = WRITTEN.matcher(fields.getFirst().strip());
        if (fields.size() > 1 || !written.matches()) {
            throw malformed();
        }
        String key = written.group("bare") == null
                ? written.group("string").replaceAll("\\\\(.)", "$1")
                : written.group("bare");
        if (key.length() > RememberedRequests.KEY_MAX) {
            throw malformed();
        }
        return Optional.of(new RequestKey(
                key,
                digest(String.join(
                        "\n", request.getMethod(), request.getHttpURI().getPathQuery(), ifMatch, body))));
    }

    private static Problem malformed() {
        return new Problem(400, "key-malformed", String.valueOf(RememberedRequests.KEY_MAX));
    }

    private static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
