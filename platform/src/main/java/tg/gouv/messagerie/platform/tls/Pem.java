package tg.gouv.messagerie.platform.tls;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One block of a PEM file (RFC 7468).
 *
 * @param label what stands after BEGIN, such as CERTIFICATE
 * @param base64 the content, on one line; empty for a key encrypted in OpenSSL's own way
 */
record Pem(String label, String base64) {
    static final String CERTIFICATE = "CERTIFICATE";
    static final String PRIVATE_KEY = "PRIVATE KEY";

    /** A chain of ten RSA certificates is 20 KB. */
    private static final int FILE_BYTES_MAX = 1 << 20;

    private static final Pattern BLOCK = Pattern.compile("-----BEGIN ([A-Z0-9 ]{1,40})-----([^-]*)-----END \\1-----");

    /**
     * The blocks of a file, in their order; what stands between them is explanation.
     *
     * @throws IOException if the file cannot be read
     * @throws IllegalArgumentException if it is too large, or a block is not base64
     */
    static List<Pem> read(Path file) throws IOException {
        byte[] bytes;
        try (InputStream content = Files.newInputStream(file)) {
            bytes = content.readNBytes(FILE_BYTES_MAX + 1);
        }
        if (bytes.length > FILE_BYTES_MAX) {
            throw new IllegalArgumentException("it is larger than 1 MB");
        }
        List<Pem> blocks = new ArrayList<>();
        Matcher block = BLOCK.matcher(new String(bytes, StandardCharsets.ISO_8859_1));
        while (block.find()) {
            blocks.add(new Pem(block.group(1), demandBase64(block.group(2))));
        }
        return blocks;
    }

    /** A block with this content. */
    static Pem of(String label, byte[] content) {
        return new Pem(label, Base64.getEncoder().encodeToString(content));
    }

    byte[] content() {
        return Base64.getDecoder().decode(base64);
    }

    /** The block as text, 64 characters a line. */
    String text() {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content())
                + "\n-----END " + label + "-----\n";
    }

    private static String demandBase64(String written) {
        if (written.indexOf(':') >= 0) {
            return ""; // headers such as Proc-Type: its label is told to the operator
        }
        String line = written.replaceAll("\\s", "");
        try {
            return Base64.getEncoder().encodeToString(Base64.getDecoder().decode(line));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("a block is not base64", e);
        }
    }
}
