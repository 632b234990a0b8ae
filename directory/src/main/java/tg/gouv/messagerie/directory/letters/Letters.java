package tg.gouv.messagerie.directory.letters;

import io.nayuki.qrcodegen.QrCode;
import java.io.OutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.openpdf.text.Document;
import org.openpdf.text.PageSize;
import org.openpdf.text.pdf.BaseFont;
import org.openpdf.text.pdf.PdfBoolean;
import org.openpdf.text.pdf.PdfName;
import org.openpdf.text.pdf.PdfString;
import org.openpdf.text.pdf.PdfWriter;
import tg.gouv.messagerie.directory.activation.ActivationCodes.Letter;
import tg.gouv.messagerie.directory.activation.ActivationCodes.Service;
import tg.gouv.messagerie.platform.language.Messages;

/*
 * A page is in the stream before the next one begins, and nothing is kept of it but where it is: some 200 octets. So nothing is tagged
 * inside a page, for which a PDF keeps a tree of everything to its end. Two letters are never on one sheet: the file asks for printing on
 * one side.
 */
/**
 * Letters that bring people their activation codes, as a PDF: one page for each person, in the person's language and shortly in the
 * other one; those of a service after a page that names it. Not for several threads.
 */
public final class Letters implements AutoCloseable {
    private static final float WIDE = Sheet.WIDTH - 2 * Sheet.MARGIN;

    /** Where a window envelope shows its receiver. */
    private static final float WINDOW_X = 300;

    private static final float WINDOW_Y = 714;
    private static final float WINDOW_WIDTH = Sheet.WIDTH - Sheet.MARGIN - WINDOW_X;

    private static final float BOX_HEIGHT = 150;
    private static final float QR_SIZE = 122;

    /** The white around a QR code that readers need, in its squares. */
    private static final int QUIET = 4;

    private final LetterSettings settings;
    private final Locale language;
    private final Document document = new Document(PageSize.A4);
    private final PdfWriter writer;
    private final Map<Face, BaseFont> fonts = new EnumMap<>(Face.class);
    private @Nullable String service;
    private int incomplete;

    /**
     * Begins the file.
     *
     * @param out is closed with this; the file is whole then, and only then
     * @param language of its title and of the pages before each service's letters
     */
    public Letters(OutputStream out, LetterSettings settings, Locale language) {
        this.settings = settings;
        this.language = language;
        this.writer = PdfWriter.getInstance(document, out);
        writer.setPdfVersion(PdfWriter.VERSION_1_7);
        writer.addViewerPreference(PdfName.DISPLAYDOCTITLE, PdfBoolean.PDFTRUE);
        writer.addViewerPreference(PdfName.DUPLEX, PdfName.SIMPLEX);
        Messages messages = messages(language);
        document.addTitle(messages.text("title"));
        document.setDocumentLanguage(messages.locale().getLanguage());
        document.open();
        writer.getExtraCatalog()
                .put(PdfName.LANG, new PdfString(messages.locale().getLanguage()));
        for (Face face : Face.values()) {
            fonts.put(face, face.font());
        }
    }

    /** Writes a letter, after a page for its service if the letter before was for another one. */
    public void add(Letter letter) {
        if (!letter.service().code().equals(service)) {
            service = letter.service().code();
            separator(letter.service());
        }
        Sheet sheet = sheet();
        Messages first = messages(letter.language());
        Messages second = messages(first.locale().equals(Locale.ENGLISH) ? Locale.FRENCH : Locale.ENGLISH);
        if (!shown(letter.name()).equals(composed(letter.name()))) {
            incomplete++;
        }
        head(sheet, letter);
        float y = sheet.text(Face.STRONG, 16, Sheet.MARGIN, 590, WIDE, 2, first.text("subject"));
        y = sheet.text(Face.TEXT, 10, Sheet.MARGIN, y - 14, WIDE, 1, first.text("address"));
        y = sheet.text(
                Face.STRONG, 14, Sheet.MARGIN, y - 5, WIDE, 4, letter.address().toString());
        y = box(sheet, letter, first, y - 2) - 24;
        y = steps(sheet, first, y);
        y = paragraph(sheet, Face.TEXT, 10.5f, y - 8, first.text("expired"));
        y = paragraph(sheet, Face.TEXT, 10.5f, y - 5, first.text("secret"));
        paragraph(
                sheet,
                Face.TEXT,
                9.5f,
                y - 14,
                second.text(
                        "short",
                        letter.address().toString(),
                        moment(second, letter.issued().expires()),
                        settings.page().orElse(second.text("page"))));
        document.newPage();
    }

    /** How many letters have a name with characters that no font here shows; they are on the letter as {@code [U+1234]}. */
    public int incomplete() {
        return incomplete;
    }

    /** Ends the file. */
    @Override
    public void close() {
        if (service == null) {
            sheet(); // no PDF is without a page
        }
        document.close();
    }

    private Sheet sheet() {
        writer.setPageEmpty(false);
        return new Sheet(writer.getDirectContent(), fonts);
    }

    private void separator(Service of) {
        Messages messages = messages(language);
        Sheet sheet = sheet();
        settings.state().ifPresent(it -> sheet.text(Face.STRONG, 12, Sheet.MARGIN, 780, WIDE, 2, shown(it)));
        float y = sheet.text(Face.TEXT, 14, Sheet.MARGIN, 600, WIDE, 1, messages.text("service"));
        y = sheet.text(Face.STRONG, 26, Sheet.MARGIN, y - 20, WIDE, 6, of.code().isEmpty() ? "–" : shown(of.name()));
        y = sheet.text(Face.TEXT, 14, Sheet.MARGIN, y, WIDE, 2, of.code());
        y = sheet.text(Face.STRONG, 14, Sheet.MARGIN, y - 20, WIDE, 2, messages.text("service.letters", of.letters()));
        sheet.text(Face.TEXT, 12, Sheet.MARGIN, y - 6, WIDE, 8, messages.text("service.how"));
        document.newPage();
    }

    private void head(Sheet sheet, Letter letter) {
        settings.state().ifPresent(it -> sheet.text(Face.STRONG, 12, Sheet.MARGIN, 780, WIDE, 2, shown(it)));
        float y = sheet.text(Face.STRONG, 12, WINDOW_X, WINDOW_Y, WINDOW_WIDTH, 3, shown(letter.name()));
        if (letter.registrationNumber().isPresent()) {
            String number = messages(letter.language())
                    .text("number", letter.registrationNumber().get());
            y = sheet.text(Face.TEXT, 10, WINDOW_X, y, WINDOW_WIDTH, 1, shown(number));
        }
        sheet.text(
                Face.TEXT,
                10,
                WINDOW_X,
                y,
                WINDOW_WIDTH,
                4,
                shown(letter.service().name()));
    }

    /** The code, large, and beside it as a QR code; returns where the box ends. */
    private float box(Sheet sheet, Letter letter, Messages messages, float top) {
        float bottom = top - BOX_HEIGHT;
        sheet.frame(Sheet.MARGIN, bottom, WIDE, BOX_HEIGHT);
        float x = Sheet.MARGIN + 16;
        float wide = WIDE - QR_SIZE - 40;
        float y = sheet.text(Face.TEXT, 10.5f, x, top - 30, wide, 1, messages.text("code"));
        y = sheet.text(Face.CODE, 26, x, y - 22, wide, 2, letter.issued().code().reveal());
        String until = messages.text("expires", moment(messages, letter.issued().expires()));
        sheet.text(Face.STRONG, 10.5f, x, y - 2, wide, 2, until);
        square(sheet, link(letter), Sheet.MARGIN + WIDE - QR_SIZE - 14, bottom + (BOX_HEIGHT - QR_SIZE) / 2);
        return bottom;
    }

    private float steps(Sheet sheet, Messages messages, float top) {
        String first = settings.page().isPresent()
                ? messages.text("step.page", settings.page().get())
                : messages.text("step.no-page");
        float y = paragraph(sheet, Face.TEXT, 11, top, "1.  " + first);
        y = paragraph(sheet, Face.TEXT, 11, y - 3, "2.  " + messages.text("step.code"));
        return paragraph(sheet, Face.TEXT, 11, y - 3, "3.  " + messages.text("step.password"));
    }

    private float paragraph(Sheet sheet, Face face, float size, float y, String text) {
        return sheet.text(face, size, Sheet.MARGIN, y, WIDE, 8, text);
    }

    /** What a telephone reads: the page with address and code after the {@code #}, which browsers tell to no server. */
    private String link(Letter letter) {
        String code = letter.issued().code().reveal();
        return settings.page()
                .map(page -> page + "#address="
                        + URLEncoder.encode(letter.address().toString(), StandardCharsets.UTF_8) + "&code=" + code)
                .orElse(code);
    }

    private static void square(Sheet sheet, String content, float x, float y) {
        QrCode code = QrCode.encodeText(content, QrCode.Ecc.MEDIUM);
        float module = QR_SIZE / (code.size + 2 * QUIET);
        for (int row = 0; row < code.size; row++) {
            float at = y + QR_SIZE - (row + 1 + QUIET) * module;
            int begins = 0;
            for (int column = 0; column <= code.size; column++) {
                if (column == code.size || !code.getModule(column, row)) {
                    if (column > begins) {
                        sheet.black(x + (begins + QUIET) * module, at, (column - begins) * module, module);
                    }
                    begins = column + 1;
                }
            }
        }
    }

    private static String moment(Messages messages, Instant at) {
        String written = DateTimeFormatter.ofPattern(messages.text("moment"), messages.locale())
                .format(at.atOffset(ZoneOffset.UTC));
        return messages.locale().equals(Locale.FRENCH) && written.startsWith("1 ")
                ? "1er" + written.substring(1)
                : written;
    }

    private static Messages messages(Locale language) {
        return Messages.beside(Letters.class, language);
    }

    private static String composed(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFC);
    }

    /** A text in what the fonts have: what is missing is there by its number, never left out. */
    private String shown(String text) {
        BaseFont plain = Objects.requireNonNull(fonts.get(Face.TEXT));
        BaseFont strong = Objects.requireNonNull(fonts.get(Face.STRONG));
        StringBuilder shown = new StringBuilder();
        composed(text).codePoints().forEach(each -> {
            if (plain.charExists(each) && strong.charExists(each)) {
                shown.appendCodePoint(each);
            } else {
                shown.append("[U+%04X]".formatted(each));
            }
        });
        return shown.toString();
    }
}
