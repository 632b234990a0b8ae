package tg.gouv.messagerie.directory.imports;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What people do to files, in files of 100,000 rows: each fault costs its row alone and is told with its line and column, however far
 * from the beginning it is. The files are never whole anywhere: they are made while they are read.
 */
class BadFilesTest {
    private static final int ROWS = 100_000;
    private static final Charset WINDOWS_1252 = Charset.forName("windows-1252");
    private static final byte[] MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    @Test
    void aByteOrderMarkIsNoPartOfTheFirstColumn() throws IOException {
        PeopleFile file = read(i -> i == 0 ? joined(MARK, HEADER) : row(i));
        assertThat(file.encoding()).isEqualTo("UTF-8 (BOM)");
        assertThat(file.rows()).hasSize(ROWS);
        assertThat(file.problems()).isEmpty();
    }

    @Test
    void oneLetterOfAnotherEncodingIsFoundWhereverItIs() throws IOException {
        PeopleFile file = read(i -> i == 70_000 ? "70000;Élisée;Mensah;budget\n".getBytes(WINDOWS_1252) : row(i));
        assertThat(file.encoding()).isEqualTo("UTF-8");
        assertOne(file, Problem.Kind.OTHER_ENCODING, 70_001, "prenoms");
        assertThat(file.refusedRow(70_001, "x")).as("as it was meant").startsWith("70000;Élisée;Mensah");

        PeopleFile other = read(i -> i == 70_000
                ? "70000;Kofi;Agbéviadé;budget\n".getBytes(UTF_8)
                : new String(row(i), UTF_8).getBytes(WINDOWS_1252));
        assertThat(other.encoding()).isEqualTo("Windows-1252");
        assertOne(other, Problem.Kind.OTHER_ENCODING, 70_001, "nom");
    }

    @Test
    void aCellOfAMegabyteCostsItsRow() throws IOException {
        String megabyte = "x".repeat(1 << 20);
        assertOne(
                read(i -> i == 50_000 ? ("50000;Kofi;" + megabyte + ";budget\n").getBytes(UTF_8) : row(i)),
                Problem.Kind.CELL_TOO_LONG,
                50_001,
                "nom");
        assertOne(
                read(i -> i == 50_000 ? ("50000;\"" + megabyte + "\";Mensah;budget\n").getBytes(UTF_8) : row(i)),
                Problem.Kind.CELL_TOO_LONG,
                50_001,
                "prenoms");
        assertOne(
                read(i -> i == 50_000 ? ("50000;Kofi;Mensah" + ";x".repeat(1 << 19) + "\n").getBytes(UTF_8) : row(i)),
                Problem.Kind.TOO_MANY_CELLS,
                50_001,
                "101");
    }

    @Test
    void whatASpreadsheetWouldComputeIsRefusedAndGoesBackAsText() throws IOException {
        PeopleFile file = read(i -> switch (i) {
            case 60_000 -> "60000;=cmd|' /C calc'!A0;Mensah;budget\n".getBytes(UTF_8);
            case 60_001 -> "60001;Kofi;+1+1;budget\n".getBytes(UTF_8);
            case 60_002 -> "60002;@SUM(A1);Mensah;budget\n".getBytes(UTF_8);
            default -> row(i);
        });
        assertThat(file.problems())
                .extracting(it -> it.kind() + " " + it.line() + " " + it.column())
                .containsExactly("FORMULA 60001 prenoms", "FORMULA 60002 nom", "FORMULA 60003 prenoms");
        assertThat(file.refusedRow(60_001, "=why")).isEqualTo("60000;'=cmd|' /C calc'!A0;Mensah;budget;'=why\r\n");
        assertThat(file.refusedRow(60_002, "x")).contains(";'+1+1;");
    }

    @Test
    void aNumberThatIsThereTwiceNamesBothLines() throws IOException {
        PeopleFile file = read(i -> i == 99_999 ? "17;Ama;Lawson;budget\n".getBytes(UTF_8) : row(i));
        assertOne(file, Problem.Kind.NUMBER_TWICE, 100_000, "matricule");
        assertThat(file.problems().getFirst().otherLine()).isEqualTo(18);
    }

    @Test
    void aDayThatThereNeverIsIsToldWithItsColumn() throws IOException {
        for (String day :
                List.of("30/02/2026", "2026-13-01", "2025-02-29", "0000-00-00", "9999-12-31", "demain", "46000")) {
            PeopleFile file = read(
                    "matricule;nom;poste;debut\n",
                    i -> i == 80_000 ? ("80000;Mensah;agent;" + day + "\n").getBytes(UTF_8) : shortRow(i));
            assertOne(file, Problem.Kind.BAD_DATE, 80_001, "debut");
            assertThat(file.problems().getFirst().value()).isEqualTo(day);
        }
    }

    @Test
    void aNulIsToldWhereItIs() throws IOException {
        for (int at : List.of(3, 90_000)) { // among what is looked at first, and far behind it
            assertOne(
                    read(i -> i == at ? (at + ";Kofi;Men\0sah;budget\n").getBytes(ISO_8859_1) : row(i)),
                    Problem.Kind.NO_CHARACTER,
                    at + 1,
                    "nom");
        }
    }

    /** The quotation mark that nobody closes swallows what follows up to a bound, is told where it is, and costs one row. */
    @Test
    void aQuotationMarkThatNothingClosesCostsOneRow() throws IOException {
        assertOne(
                read(i -> i == 40_000 ? "40000;\"Kofi;Mensah;budget\n".getBytes(UTF_8) : row(i)),
                Problem.Kind.OPEN_QUOTE,
                40_001,
                "prenoms");
        assertOne(
                read(i -> i == ROWS ? (ROWS + ";Kofi;\"Mensah;budget\n").getBytes(UTF_8) : row(i)),
                Problem.Kind.OPEN_QUOTE,
                ROWS + 1,
                "nom");
    }

    /** A row over several lines is told with the line of the fault, and comes back whole. */
    @Test
    void whatIsWrongInARowOfSeveralLinesIsToldWithItsOwnLine() throws IOException {
        PeopleFile file = read(
                "matricule;note;langue;nom\n",
                i -> i == 10_000
                        ? "10000;\"trois\nlignes\nici\";de;Mensah\n".getBytes(UTF_8)
                        : (i + ";;;N\n").getBytes(UTF_8));
        assertOne(file, Problem.Kind.BAD_LANGUAGE, 10_003, "langue");
        assertThat(file.problems().getFirst().row()).isEqualTo(10_001);
        assertThat(file.refusedRow(10_001, "x")).isEqualTo("10000;\"trois\nlignes\nici\";de;Mensah;x\r\n");
    }

    @Test
    void entitiesThatAreBelowThemselvesAreAllTold() throws IOException {
        StructureFile file = structure("code;nom;parent\n", i -> switch (i) {
            case 20_000 -> "e20000;E;e20002\n".getBytes(UTF_8);
            case 20_001 -> "e20001;E;e20000\n".getBytes(UTF_8);
            case 20_002 -> "e20002;E;e20001\n".getBytes(UTF_8);
            case 20_003 -> "e20003;E;e20003\n".getBytes(UTF_8);
            case 20_004 ->
                "racine;Racine;service\n".getBytes(UTF_8); // with what is there: racine > direction > service
            case 20_005 -> "e20005;E;e20001\n".getBytes(UTF_8); // hangs on a circle
            default -> ("e" + i + ";E;racine\n").getBytes(UTF_8);
        });
        Map<String, StructurePlan.Known> known = Map.of(
                "racine", new StructurePlan.Known("Racine", "", ""),
                "direction", new StructurePlan.Known("Direction", "racine", ""),
                "service", new StructurePlan.Known("Service", "direction", ""));
        StructurePlan plan = StructurePlan.of(file, known, known, Set.of());
        assertThat(plan.problems())
                .extracting(it -> it.kind() + " " + it.line() + " " + it.column())
                .containsExactly(
                        "CYCLE 20001 parent",
                        "CYCLE 20002 parent",
                        "CYCLE 20003 parent",
                        "CYCLE 20004 parent",
                        "CYCLE 20005 parent",
                        "UNKNOWN_ENTITY 20006 parent");
        assertThat(plan.changes()).hasSize(ROWS - 6);
    }

    private static final byte[] HEADER = "matricule;prenoms;nom;entite\n".getBytes(UTF_8);

    private static byte[] row(int i) {
        return i == 0 ? HEADER : (i + ";Afi Élise;Mensah;budget\n").getBytes(UTF_8);
    }

    private static byte[] shortRow(int i) {
        return (i + ";Mensah;agent;2026-01-31\n").getBytes(UTF_8);
    }

    private static void assertOne(PeopleFile file, Problem.Kind kind, int line, String column) {
        assertThat(file.problems()).singleElement().satisfies(it -> {
            assertThat(it.kind()).isEqualTo(kind);
            assertThat(it.line()).isEqualTo(line);
            assertThat(it.column()).isEqualTo(column);
        });
        assertThat(file.rows()).hasSize(ROWS - 1);
    }

    private static PeopleFile read(IntFunction<byte[]> row) throws IOException {
        CsvReader reader = new CsvReader(
                new MadeFile(IntStream.rangeClosed(0, ROWS).mapToObj(row).iterator()));
        return PeopleFile.read(reader.next().orElseThrow(), reader, Mapping.none(), 1_000_000);
    }

    private static PeopleFile read(String header, IntFunction<byte[]> row) throws IOException {
        return read(i -> i == 0 ? header.getBytes(UTF_8) : row.apply(i));
    }

    private static StructureFile structure(String header, IntFunction<byte[]> row) throws IOException {
        CsvReader reader = new CsvReader(new MadeFile(IntStream.rangeClosed(0, ROWS)
                .mapToObj(i -> i == 0 ? header.getBytes(UTF_8) : row.apply(i))
                .iterator()));
        CsvRow first = reader.next().orElseThrow();
        Optional<Imports.Kind> kind = StructureFile.kind(first);
        return StructureFile.read(kind.orElseThrow(), first, reader, 1_000_000);
    }

    private static byte[] joined(byte[] one, byte[] other) {
        return (new String(one, ISO_8859_1) + new String(other, ISO_8859_1)).getBytes(ISO_8859_1);
    }
}
