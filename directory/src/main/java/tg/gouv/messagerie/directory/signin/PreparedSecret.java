package tg.gouv.messagerie.directory.signin;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Optional;
import tg.gouv.messagerie.platform.settings.Secret;

/** A password's bytes, the same however a keyboard composes its accents (RFC 8265 section 4.2, OpaqueString). */
final class PreparedSecret {
    /** Nobody remembers more; hashing has a bound. */
    static final int BYTES_MAX = 1_024;

    private PreparedSecret() {}

    /** The bytes to hash, or empty if no password is like this. */
    static Optional<byte[]> of(Secret secret) {
        String characters = secret.reveal();
        if (characters.isEmpty() || characters.length() > BYTES_MAX) {
            return Optional.empty();
        }
        StringBuilder mapped = new StringBuilder(characters.length());
        for (int each : characters.codePoints().toArray()) {
            switch (Character.getType(each)) {
                case Character.SPACE_SEPARATOR -> mapped.append(' '); // RFC 8265 section 4.2.2 rule 2
                case Character.CONTROL, Character.SURROGATE -> {
                    return Optional.empty(); // RFC 8264 section 4.3.3: not in the FreeformClass
                }
                default -> mapped.appendCodePoint(each);
            }
        }
        return bytes(Normalizer.normalize(mapped, Normalizer.Form.NFC)); // RFC 8265 section 4.2.2 rule 4
    }

    private static Optional<byte[]> bytes(String characters) {
        try {
            ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(characters));
            byte[] bytes = new byte[encoded.remaining()];
            encoded.get(bytes);
            return bytes.length > BYTES_MAX ? Optional.empty() : Optional.of(bytes);
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }
}
