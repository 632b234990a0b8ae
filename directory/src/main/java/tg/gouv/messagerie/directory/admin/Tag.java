package tg.gouv.messagerie.directory.admin;

import com.fasterxml.jackson.databind.JsonNode;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/** Strong entity tags (RFC 9110 section 8.8.3): what shows the same has the same. */
final class Tag {
    private Tag() {}

    static String of(JsonNode shown) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(Json.bytes(shown));
            return '"' + Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(digest, 16)) + '"';
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Whether If-Match names the tag (RFC 9110 section 13.1.1); a weak tag never matches there. */
    static boolean matches(String ifMatch, String tag) {
        return ifMatch.strip().equals("*")
                || Arrays.stream(ifMatch.split(",")).map(String::strip).anyMatch(tag::equals);
    }
}
