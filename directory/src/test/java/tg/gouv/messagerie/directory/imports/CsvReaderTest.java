package tg.gouv.messagerie.directory.imports;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class CsvReaderTest {
    private static final Charset WINDOWS_1252 = Charset.forName("windows-1252");

    @Test
    void readsWhatRfc4180Allows() throws IOException {
        List<CsvRow> rows = rows("a,\"b,c\",\"d \"\"e\"\"\"\r\n\n\"two\nlines\",,x\nlast,row,".getBytes(UTF_8));
        assertThat(rows.stream().map(CsvRow::cells))
                .containsExactly(
                        List.of("a", "b,c", "d \"e\""), List.of("two\nlines", "", "x"), List.of("last", "row", ""));
        assertThat(rows.stream().map(CsvRow::line)).containsExactly(1, 3, 5);
        assertThat(rows).allMatch(it -> it.fault().isEmpty());
    }

    @Test
    void tellsDelimiterAndEncodingFromTheFile() throws IOException {
        String text = "matricule;nom\n1;Kpodar\n2;Élise Œuvrard\n";
        assertThat(described(text.getBytes(UTF_8))).isEqualTo("UTF-8 ;");
        assertThat(described(("\uFEFF" + text).getBytes(UTF_8))).isEqualTo("UTF-8 (BOM) ;");
        assertThat(described(text.getBytes(WINDOWS_1252))).isEqualTo("Windows-1252 ;");
        assertThat(described("\"a;b\",c\n".getBytes(UTF_8))).isEqualTo("UTF-8 ,");
        for (byte[] each : List.of(text.getBytes(UTF_8), text.getBytes(WINDOWS_1252))) {
            assertThat(rows(each).getLast().cells()).containsExactly("2", "Élise Œuvrard");
        }
    }

    @Test
    void anAccentOfAnotherEncodingIsFoundInItsCell() throws IOException {
        byte[] mixed = joined(
                "matricule,nom\n1,Élise\n2,Afi\n3,Kézié\n".getBytes(UTF_8),
                "4,Adéwui\n".getBytes(WINDOWS_1252),
                "5,Ayité\n".getBytes(UTF_8));
        List<CsvRow> rows = rows(mixed);
        assertThat(rows).hasSize(6);
        assertThat(faults(rows)).containsExactly("OTHER_ENCODING 5 2");
        assertThat(rows.get(4).cells()).as("as it was meant").containsExactly("4", "Adéwui");
        assertThat(faults(rows(joined("a,é\nc,é\n".getBytes(WINDOWS_1252), "b,Ã©\n".getBytes(WINDOWS_1252)))))
                .containsExactly("OTHER_ENCODING 3 2");
        byte[] undefined = joined("a,é\nc,é\né,b,".getBytes(WINDOWS_1252), new byte[] {(byte) 0x81, '\n'});
        assertThat(faults(rows(undefined))).containsExactly("NO_CHARACTER 3 3");
    }

    @Test
    void aFaultCostsItsLineAndNoOther() throws IOException {
        List<CsvRow> rows = rows("""
                a,b
                1,x"y
                2,"x"y
                3,"open
                4,fine
                5,"fine"
                6,"open again
                7,fine
                """.getBytes(UTF_8));
        assertThat(faults(rows))
                .containsExactly("BARE_QUOTE 2 2", "AFTER_QUOTE 3 2", "AFTER_QUOTE 4 2", "OPEN_QUOTE 7 2");
        assertThat(rows.stream()
                        .filter(it -> it.fault().isEmpty())
                        .map(it -> it.cells().getFirst()))
                .containsExactly("a", "4", "5", "7");
    }

    @Test
    void aCellOfAMegabyteIsRefusedWhereItBegins() throws IOException {
        String mega = "x".repeat(1_000_000);
        List<CsvRow> rows = rows(("a,b\n1," + mega + "\n2,\"" + mega + "\"\n3,ok\n").getBytes(UTF_8));
        assertThat(faults(rows)).containsExactly("CELL_TOO_LONG 2 2", "CELL_TOO_LONG 3 2");
        assertThat(rows.getLast().cells()).containsExactly("3", "ok");
        assertThat(faults(rows(("a\n" + ",".repeat(200) + "\n").getBytes(UTF_8))))
                .containsExactly("TOO_MANY_CELLS 2 101");
    }

    @Test
    void twoHundredMegabytesAreReadInLittleMemory() throws IOException {
        byte[] line = "123456,Kofi,Mensah,\"Direction du Budget, service courrier\"\n".getBytes(UTF_8);
        long lines = 200_000_000L / line.length;
        CsvReader reader = new CsvReader(new InputStream() {
            private long left = lines * line.length;

            @Override
            public int read() {
                return left == 0 ? -1 : line[(int) ((lines * line.length - left--) % line.length)];
            }

            @Override
            public int read(byte[] into, int from, int most) {
                int octet = read();
                if (octet >= 0) {
                    into[from] = (byte) octet;
                }
                return octet < 0 ? -1 : 1;
            }
        });
        long rows = 0;
        for (Optional<CsvRow> row = reader.next(); row.isPresent(); row = reader.next()) {
            rows++;
        }
        assertThat(rows).isEqualTo(lines);
    }

    @Test
    void whatIsNoTextIsRefusedWhole() {
        assertRefused(new byte[0], ImportRefused.Reason.EMPTY_FILE);
        assertRefused("a,b\n".getBytes(UTF_16), ImportRefused.Reason.NOT_TEXT);
        assertRefused(new byte[] {'P', 'K', 3, 4, 0, 0}, ImportRefused.Reason.NOT_TEXT);
    }

    @Test
    void aFormulaGoesOutAsTextAndComesBackAsItWas() throws IOException {
        List<String> cells =
                List.of("=cmd|' /C calc'!A0", "+228 90", "@x", "-", "a;b", "say \"no\"", " spaced ", "l1\nl2");
        String row = CsvText.row(cells, ';');
        assertThat(row).startsWith("'=cmd").contains(";'+228 90;'@x;-;\"a;b\";\"say \"\"no\"\"\";\" spaced \"");
        assertThat(rows(row.getBytes(UTF_8)).getFirst().cells().stream().map(CsvText::unescaped))
                .containsExactlyElementsOf(cells);
    }

    private static void assertRefused(byte[] file, ImportRefused.Reason reason) {
        assertThatThrownBy(() -> rows(file))
                .isInstanceOfSatisfying(
                        ImportRefused.class, it -> assertThat(it.reason()).isEqualTo(reason));
    }

    private static String described(byte[] file) throws IOException {
        CsvReader reader = new CsvReader(new ByteArrayInputStream(file));
        return reader.encoding() + " " + reader.delimiter();
    }

    private static List<String> faults(List<CsvRow> rows) {
        return rows.stream()
                .flatMap(it -> it.fault().stream())
                .map(it -> it.kind() + " " + it.line() + " " + it.column())
                .collect(Collectors.toList());
    }

    private static List<CsvRow> rows(byte[] file) throws IOException {
        CsvReader reader = new CsvReader(new ByteArrayInputStream(file));
        List<CsvRow> rows = new ArrayList<>();
        for (Optional<CsvRow> row = reader.next(); row.isPresent(); row = reader.next()) {
            rows.add(row.get());
        }
        return rows;
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] each : parts) {
            all.writeBytes(each);
        }
        return all.toByteArray();
    }
}
