package tg.gouv.messagerie.mail.mime;

import java.io.IOException;
import java.io.InputStream;

/**
 * Whether a message is divided deeper than {@link MimePart#DEPTH_MAX}, told while its lines pass; of bounded size.
 *
 * <p>Who parses MIME part within part takes time for each octet and each level: a message of some hundred KB with some thousand
 * levels holds a thread for minutes.
 */
public final class Nesting {
    private final PartScanner scanner = new PartScanner(false);

    /** Takes the next line of the message. */
    public void line(byte[] line) {
        scanner.take(line, 0, line.length, true, true);
    }

    /** Whether what passed is divided too deeply. */
    public boolean isTooDeep() {
        return scanner.isTooDeep();
    }

    /**
     * Whether a message is divided too deeply.
     *
     * @param in read to its end, not closed
     */
    public static boolean isTooDeep(InputStream in) throws IOException {
        PartScanner scanner = new PartScanner(false);
        scanner.takeAll(in);
        return scanner.isTooDeep();
    }
}
