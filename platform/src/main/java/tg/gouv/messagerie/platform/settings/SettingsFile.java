package tg.gouv.messagerie.platform.settings;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;

/** The file the settings are in. */
final class SettingsFile {
    /** A file with every setting of every part is a fiftieth of this. */
    static final int SIZE_MAX = 1 << 20;

    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private SettingsFile() {}

    /** The text, without the byte order mark that some editors put first. */
    static String text(Path file) {
        byte[] bytes = bytes(file);
        if (bytes.length > SIZE_MAX) {
            throw refused(file, "file.too-large");
        }
        try {
            String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw refused(file, "file.not-utf-8");
        }
    }

    private static byte[] bytes(Path file) {
        if (Files.isDirectory(file)) {
            throw refused(file, "file.directory");
        }
        try (InputStream opened = Files.newInputStream(file)) {
            return opened.readNBytes(SIZE_MAX + 1);
        } catch (NoSuchFileException e) {
            throw refused(file, "file.missing");
        } catch (AccessDeniedException e) {
            throw refused(file, "file.denied", System.getProperty("user.name"));
        } catch (IOException e) {
            throw refused(file, "file.unreadable", String.valueOf(e.getMessage()));
        }
    }

    private static SettingsRefused refused(Path file, String sentence, String... values) {
        return new SettingsRefused(
                file.toString(), List.of(new SettingsProblem(OptionalInt.empty(), "", sentence, List.of(values))));
    }
}
