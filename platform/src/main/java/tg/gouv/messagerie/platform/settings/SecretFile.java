package tg.gouv.messagerie.platform.settings;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;

/**
 * A secret, written as the name of a file: the secret is its first line. The name itself is told only once a file is there,
 * because who has misunderstood writes the secret in its place.
 */
record SecretFile() implements Notation {
    /** A private key in one line is a tenth of this. */
    private static final int SIZE_MAX = 64 << 10;

    private static final Set<PosixFilePermission> OF_ITS_OWNER = EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

    @Override
    public Reading read(Object written, Path baseDirectory) {
        if (!(written instanceof String name) || name.isBlank()) {
            return new Reading.Misfit("secret.expected");
        }
        try {
            Path file = baseDirectory.resolve(name);
            return Files.isRegularFile(file) ? read(file) : new Reading.Misfit("secret.missing");
        } catch (InvalidPathException e) {
            return new Reading.Misfit("secret.missing");
        }
    }

    private static Reading read(Path file) {
        try (InputStream opened = Files.newInputStream(file)) {
            if (!OF_ITS_OWNER.containsAll(Files.getPosixFilePermissions(file))) {
                return new Reading.Misfit("secret.not-private", file.toString());
            }
            byte[] bytes = opened.readNBytes(SIZE_MAX + 1);
            if (bytes.length > SIZE_MAX) {
                return new Reading.Misfit("secret.too-large", file.toString());
            }
            String secret =
                    firstLine(UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
            return secret.isEmpty()
                    ? new Reading.Misfit("secret.empty", file.toString())
                    : new Reading.Value(new Secret(secret));
        } catch (CharacterCodingException e) {
            return new Reading.Misfit("secret.not-utf-8", file.toString());
        } catch (IOException e) {
            return new Reading.Misfit("secret.unreadable", file.toString(), System.getProperty("user.name"));
        }
    }

    private static String firstLine(String text) {
        int end = text.indexOf('\n');
        String line = end < 0 ? text : text.substring(0, end);
        return line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
    }

    @Override
    public String shown(Object written, Object value) {
        return "\"***\"";
    }

    @Override
    public String called() {
        return "file that holds a secret in its first line, mode 0600";
    }

    @Override
    public String example() {
        return "\"/…\"";
    }
}
