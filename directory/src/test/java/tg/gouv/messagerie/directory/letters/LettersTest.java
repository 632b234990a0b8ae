package tg.gouv.messagerie.directory.letters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.zxing.BinaryBitmap;
import com.google.zxing.RGBLuminanceSource;
import com.google.zxing.common.HybridBinarizer;
import com.google.zxing.qrcode.QRCodeReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.openpdf.text.pdf.PdfName;
import org.openpdf.text.pdf.PdfReader;
import org.openpdf.text.pdf.parser.PdfTextExtractor;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.activation.ActivationCodes.Issued;
import tg.gouv.messagerie.directory.activation.ActivationCodes.Letter;
import tg.gouv.messagerie.directory.activation.ActivationCodes.Service;
import tg.gouv.messagerie.platform.language.BothLanguages;
import tg.gouv.messagerie.platform.settings.Secret;

/** What a printed letter says, read out of the file again: texts, and the squares of its QR code. */
class LettersTest {
    private static final LetterSettings TOGO =
            new LetterSettings(Optional.of("République Togolaise"), Optional.of("https://compte.gouv.tg/activer"));

    private static final Service HEALTH = new Service("sante", "Ministère de la Santé et de l'Hygiène publique", 2);
    private static final Service LABORATORY = new Service("labo", "Laboratoire national", 1);

    private static Letter letter(String name, Service service, Locale language, String code) {
        return new Letter(
                Optional.of("P-042"),
                name,
                language,
                MailAddress.of("afi.mensah@sante.gouv.tg"),
                service,
                new Issued(new AccountId(new UUID(0, 1)), new Secret(code), Instant.parse("2026-12-01T12:30:00Z")));
    }

    private static byte[] written(LetterSettings settings, Letter... letters) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (Letters all = new Letters(out, settings, Locale.FRENCH)) {
            Arrays.stream(letters).forEach(all::add);
        }
        return out.toByteArray();
    }

    private static String text(byte[] pdf, int page) throws IOException {
        try (PdfReader reader = new PdfReader(pdf)) {
            return new PdfTextExtractor(reader).getTextFromPage(page).replaceAll("\\s+", " ");
        }
    }

    @Test
    void aPageForEachServiceThenOneForEachPerson() throws IOException {
        byte[] pdf = written(
                TOGO,
                letter("Afi Mensah", HEALTH, Locale.FRENCH, "K7QM-2XFP-9DTR-4HWA"),
                letter("Kofi Agbo", HEALTH, Locale.ENGLISH, "AAAA-BBBB-CCCC-DDDD"),
                letter("Essi Lawson", LABORATORY, Locale.FRENCH, "EEEE-FFFF-GGGG-HHHH"));
        try (PdfReader reader = new PdfReader(pdf)) {
            assertThat(reader.getNumberOfPages()).isEqualTo(5);
            assertThat(reader.getInfo()).containsEntry("Title", "Lettres d'activation");
            assertThat(reader.getCatalog().get(PdfName.LANG)).hasToString("fr");
            assertThat(reader.getCatalog().getAsDict(PdfName.VIEWERPREFERENCES).get(PdfName.DUPLEX))
                    .isEqualTo(PdfName.SIMPLEX);
        }
        assertThat(text(pdf, 1)).contains("Hygiène publique", "sante", "2 lettres à remettre");
        assertThat(text(pdf, 2))
                .contains(
                        "République Togolaise",
                        "Afi Mensah",
                        "P-042",
                        "Ministère de la Santé",
                        "afi.mensah@sante.gouv.tg",
                        "K7QM-2XFP-9DTR-4HWA",
                        "1er décembre 2026 à 12:30 UTC",
                        "https://compte.gouv.tg/activer",
                        "Demandez une nouvelle lettre",
                        "In English: afi.mensah@sante.gouv.tg");
        assertThat(text(pdf, 3)).contains("Kofi Agbo", "It serves until 1 December 2026 at 12:30 UTC", "En français :");
        assertThat(text(pdf, 4)).contains("Laboratoire national", "Une lettre à remettre");
        assertThat(text(pdf, 5)).contains("Essi Lawson", "EEEE-FFFF-GGGG-HHHH");
    }

    @Test
    void theSquareHoldsThePageWithAddressAndCodeOrTheCodeAlone() throws Exception {
        Letter letter = letter("Afi Mensah", HEALTH, Locale.FRENCH, "K7QM-2XFP-9DTR-4HWA");
        assertThat(square(written(TOGO, letter)))
                .isEqualTo(
                        "https://compte.gouv.tg/activer#address=afi.mensah%40sante.gouv.tg&code=K7QM-2XFP-9DTR-4HWA");
        assertThat(square(written(LetterSettings.byDefault(), letter))).isEqualTo("K7QM-2XFP-9DTR-4HWA");
    }

    /** The black rectangles of the second page, as a camera sees them. */
    private static String square(byte[] pdf) throws Exception {
        String content;
        try (PdfReader reader = new PdfReader(pdf)) {
            content = new String(reader.getPageContent(2), StandardCharsets.ISO_8859_1);
        }
        int scale = 4;
        int width = 595 * scale;
        int height = 842 * scale;
        int[] pixels = new int[width * height];
        Arrays.fill(pixels, 0xFFFFFF);
        Matcher black = Pattern.compile("([\\d.]+) ([\\d.]+) ([\\d.]+) ([\\d.]+) re\\s+f\\b")
                .matcher(content);
        while (black.find()) {
            int left = Math.round(Float.parseFloat(black.group(1)) * scale);
            int bottom = Math.round(Float.parseFloat(black.group(2)) * scale);
            int right = Math.round((Float.parseFloat(black.group(1)) + Float.parseFloat(black.group(3))) * scale);
            int top = Math.round((Float.parseFloat(black.group(2)) + Float.parseFloat(black.group(4))) * scale);
            for (int y = bottom; y < top; y++) {
                Arrays.fill(pixels, (height - 1 - y) * width + left, (height - 1 - y) * width + right, 0);
            }
        }
        return new QRCodeReader()
                .decode(new BinaryBitmap(new HybridBinarizer(new RGBLuminanceSource(width, height, pixels))))
                .getText();
    }

    @Test
    void lettersOfEweAndKabiyeAreShownAndWhatNoFontHasIsToldByItsNumber() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int incomplete;
        try (Letters letters = new Letters(out, TOGO, Locale.FRENCH)) {
            letters.add(letter("Édœ Ŋkɔlɛ Ɖagbé Ƒiɣɩʊ e\u0301", HEALTH, Locale.FRENCH, "K7QM-2XFP-9DTR-4HWA"));
            assertThat(letters.incomplete()).isZero();
            letters.add(letter("Afi 李", HEALTH, Locale.FRENCH, "K7QM-2XFP-9DTR-4HWA"));
            incomplete = letters.incomplete();
        }
        assertThat(incomplete).isEqualTo(1);
        assertThat(text(out.toByteArray(), 2)).contains("Édœ Ŋkɔlɛ Ɖagbé Ƒiɣɩʊ é");
        assertThat(text(out.toByteArray(), 3)).contains("Afi [U+674E]");
    }

    @Test
    void theLongestNamesStayOnTheirPage() throws IOException {
        Letter longest = new Letter(
                Optional.of("M".repeat(60)),
                "W".repeat(100) + " " + "W".repeat(100),
                Locale.FRENCH,
                MailAddress.of("w".repeat(64) + "@" + "w".repeat(60) + "." + "w".repeat(60) + ".tg"),
                new Service("s", "W".repeat(200), 1),
                new Issued(
                        new AccountId(new UUID(0, 1)),
                        new Secret("K7QM-2XFP-9DTR-4HWA"),
                        Instant.parse("2026-12-01T12:30:00Z")));
        byte[] pdf = written(TOGO, longest);
        assertThat(text(pdf, 2)).contains("…", "In English:");
        try (PdfReader reader = new PdfReader(pdf)) {
            String content = new String(reader.getPageContent(2), StandardCharsets.ISO_8859_1);
            Matcher at = Pattern.compile("1 0 0 1 ([-\\d.]+) ([-\\d.]+) Tm").matcher(content);
            float lowest = Sheet.HEIGHT;
            while (at.find()) {
                lowest = Math.min(lowest, Float.parseFloat(at.group(2)));
            }
            assertThat(lowest).isBetween(20f, 400f);
        }
    }

    /** 70,000 letters are held by nobody: what is kept of a page is where it is. */
    @Test
    void memoryDoesNotGrowWithTheLetters() {
        long[] kept = new long[2];
        try (Letters letters = new Letters(OutputStream.nullOutputStream(), TOGO, Locale.FRENCH)) {
            for (int i = 0; i < 4_000; i++) {
                letters.add(letter("Afi Mensah", HEALTH, Locale.FRENCH, "K7QM-2XFP-9DTR-4HWA"));
                if (i == 999) {
                    kept[0] = used();
                }
            }
            kept[1] = used();
        }
        assertThat((kept[1] - kept[0]) / 3_000).as("octets kept of a letter").isLessThan(2_000);
    }

    private static long used() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    @Test
    void aPageIsAnAddressThatBrowsersOpenSafely() {
        for (String wrong : new String[] {"http://compte.gouv.tg/", "https://", "https://a.tg/#x", "compte.gouv.tg"}) {
            assertThatThrownBy(() -> new LetterSettings(Optional.empty(), Optional.of(wrong)))
                    .hasMessageContaining("https://");
        }
    }

    @Test
    void lettersSayTheSameInBothLanguages() {
        BothLanguages.sayTheSameBeside(Letters.class);
    }
}
