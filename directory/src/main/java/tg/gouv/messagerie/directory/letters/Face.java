package tg.gouv.messagerie.directory.letters;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.openpdf.text.pdf.BaseFont;

/** The fonts of letters. They are in the file with what is used of them, so it prints anywhere as it was meant. */
enum Face {
    TEXT("LiberationSans-Regular.ttf"),
    STRONG("LiberationSans-Bold.ttf"),
    CODE("LiberationMono-Bold.ttf");

    private final String file;

    Face(String file) {
        this.file = file;
    }

    /** The font for one document, which keeps what of it is used. */
    BaseFont font() {
        try (InputStream in = BaseFont.class.getResourceAsStream("/liberation/" + file)) {
            if (in == null) {
                throw new IllegalStateException("the font " + file + " is not among our jars");
            }
            return BaseFont.createFont(file, BaseFont.IDENTITY_H, BaseFont.EMBEDDED, false, in.readAllBytes(), null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
