package tg.gouv.messagerie.directory.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tg.gouv.messagerie.directory.imports.CsvReader;
import tg.gouv.messagerie.directory.imports.ImportRefused;
import tg.gouv.messagerie.directory.imports.LdifReader;
import tg.gouv.messagerie.directory.imports.MadeFile;
import tg.gouv.messagerie.directory.imports.Mapping;
import tg.gouv.messagerie.directory.imports.PeopleFile;

/** Files of 200 MB, in a process that has less memory than that: they are refused in a sentence, or read. */
class HugeFileTest {
    @ParameterizedTest
    @CsvSource({
        // of what, bytes a row, rows, heap, how it ends
        "csv, 1000, 200000, 160m, FILE_TOO_LARGE",
        "csv, 100, 2000000, 160m, TOO_MANY_ROWS",
        "csv, 300, 200000, 160m, 200000 rows",
        "line, 1000, 200000, 64m, FILE_TOO_LARGE",
        "quotes, 300, 200000, 160m, 0 rows",
        "ldif, 2000, 100000, 64m, FILE_TOO_LARGE",
        "photographs, 600000, 100, 64m, 100 rows"
    })
    void whatItCostsIsBounded(String kind, int bytes, int rows, String heap, String end) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx" + heap,
                        "-XX:+UseSerialGC",
                        "-XX:+UseCompactObjectHeaders",
                        "-cp",
                        System.getProperty("java.class.path"),
                        HugeFileTest.class.getName(),
                        kind,
                        String.valueOf(bytes),
                        String.valueOf(rows))
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        assertThat(said.strip()).isEqualTo(end);
    }

    /** Reads one, and says how that ended. */
    public static void main(String[] arguments) throws IOException {
        int bytes = Integer.parseInt(arguments[1]);
        int rows = Integer.parseInt(arguments[2]);
        Mapping mapping = Mapping.none();
        ImportSettings settings = ImportSettings.byDefault();
        BufferedInputStream file =
                new BufferedInputStream(new BoundedFile(made(arguments[0], bytes, rows), settings.fileMax()));
        try {
            PeopleFile people;
            if (LdifReader.isLdif(file)) {
                people = PeopleFile.read(new LdifReader(file, mapping), settings.rowsMax());
            } else {
                CsvReader reader = new CsvReader(file);
                people = PeopleFile.read(reader.next().orElseThrow(), reader, mapping, settings.rowsMax());
            }
            System.out.println(people.rows().size() + " rows");
        } catch (ImportRefused e) {
            System.out.println(e.reason());
        }
    }

    private static MadeFile made(String kind, int bytes, int rows) {
        String filling = "x".repeat(bytes);
        IntStream numbers = IntStream.range(0, rows);
        Stream<byte[]> parts = switch (kind) {
            case "csv" ->
                lines(
                        "matricule;nom;prenoms;entite;note",
                        numbers.mapToObj(
                                i -> "%07d;Mensah%d;Afi Élise;budget;%s\n".formatted(i, i, filling.substring(50))));
            case "quotes" ->
                lines("matricule;nom;note", numbers.mapToObj(i -> "%07d;\"%s\n".formatted(i, filling.substring(20))));
            case "line" -> lines("matricule;nom", numbers.mapToObj(_ -> filling));
            default ->
                lines(
                        "version: 1",
                        numbers.mapToObj(i ->
                                "\ndn: uid=%d\nobjectClass: person\nemployeeNumber: %d\njpegPhoto: %s\nsn: Mensah\n"
                                        .formatted(i, i, filling)));
        };
        return new MadeFile(parts.iterator());
    }

    private static Stream<byte[]> lines(String first, Stream<String> others) {
        return Stream.concat(List.of(first + "\n").stream(), others).map(it -> it.getBytes(UTF_8));
    }
}
