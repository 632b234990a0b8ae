package tg.gouv.messagerie.deploy;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * docs/standards.md says what is done with each RFC that the program cites, and its last section, which is written from the citations,
 * says where. {@code mvn test -pl deploy -am -Dtest=StandardsTest -Dstandards.write=true -Dsurefire.failIfNoSpecifiedTests=false}
 * writes that section again.
 */
class StandardsTest {
    private static final String HEADING = "## Where each is obeyed";

    private static final Pattern CITATION = Pattern.compile(
            "\\bRFC (\\d{3,5})(?:,? (?:sections?|§) ?(\\d+(?:\\.\\d+)*(?:(?:,| and) \\d+(?:\\.\\d+)*)*))?");

    private static final Pattern COMMENT_MARGIN = Pattern.compile("\\R\\s*(?:\\*|//)?\\s*");
    private static final Pattern SECTION = Pattern.compile("\\d+(?:\\.\\d+)*");

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final String OURS = "tg/gouv/messagerie/";
    private static final Path PAGE = ROOT.resolve("docs/standards.md");

    /** By number: by section, or "" for the whole: the classes. */
    private static Map<Integer, Map<String, Set<String>>> citations = Map.of();

    @BeforeAll
    static void read() throws IOException {
        Map<Integer, Map<String, Set<String>>> found = new TreeMap<>();
        for (Path source : sources()) {
            String text = COMMENT_MARGIN.matcher(Files.readString(source)).replaceAll(" ");
            for (Matcher cited = CITATION.matcher(text); cited.find(); ) {
                Map<String, Set<String>> sections = found.computeIfAbsent(
                        Integer.valueOf(cited.group(1)),
                        _ -> new TreeMap<>(Comparator.comparing(StandardsTest::order)));
                for (String section : sections(cited)) {
                    sections.computeIfAbsent(section, _ -> new TreeSet<>()).add(place(source));
                }
            }
        }
        citations = found;
    }

    @Test
    void everyStandardCitedHasARow() throws IOException {
        String rows = Files.readAllLines(PAGE).stream()
                .takeWhile(line -> !line.equals(HEADING))
                .filter(line -> line.startsWith("| "))
                .map(line -> line.substring(2, line.indexOf(" |", 2)))
                .collect(joining("\n"));
        assertThat(citations.keySet())
                .as("numbers that the first column of docs/standards.md must name")
                .allSatisfy(number -> assertThat(rows).containsPattern("\\b" + number + "\\b"));
    }

    @Test
    void theIndexIsWrittenFromTheCitations() throws IOException {
        String page = Files.readString(PAGE);
        int heading = page.indexOf(HEADING);
        String written = (heading < 0 ? page + "\n" : page.substring(0, heading)) + index();
        if (Boolean.getBoolean("standards.write")) {
            Files.writeString(PAGE, written);
        }
        assertThat(Files.readString(PAGE))
                .as("write it again with -Dstandards.write=true")
                .isEqualTo(written);
    }

    private static String index() {
        StringBuilder index = new StringBuilder(HEADING)
                .append(
                        "\n\nWritten from the citations in the code; `StandardsTest` keeps it so. A name is a class, or a package.\n\n")
                .append("| RFC | section | in |\n| --- | --- | --- |\n");
        citations.forEach((number, sections) -> sections.forEach((section, places) -> index.append("| ")
                .append(number)
                .append(" | ")
                .append(section)
                .append(" | ")
                .append(String.join(", ", places))
                .append(" |\n")));
        return index.toString();
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> modules = Files.list(ROOT)) {
            List<Path> mains = modules.map(module -> module.resolve("src/main/java"))
                    .filter(Files::isDirectory)
                    .sorted()
                    .toList();
            assertThat(mains).hasSizeGreaterThan(4);
            Stream<Path> all = Stream.empty();
            for (Path main : mains) {
                try (Stream<Path> files = Files.walk(main)) {
                    all = Stream.concat(
                            all, files.filter(file -> file.toString().endsWith(".java")).sorted().toList().stream());
                }
            }
            return all.toList();
        }
    }

    private static List<String> sections(MatchResult cited) {
        return cited.group(2) == null
                ? List.of("")
                : SECTION.matcher(cited.group(2))
                        .results()
                        .map(MatchResult::group)
                        .toList();
    }

    /** The class's name, or its package's where the whole package obeys. */
    private static String place(Path source) {
        String path = source.toString();
        String name = path.substring(path.lastIndexOf('/') + 1).replace(".java", "");
        return name.equals("package-info")
                ? "`"
                        + path.substring(path.indexOf(OURS) + OURS.length(), path.lastIndexOf('/'))
                                .replace('/', '.') + "`"
                : "`" + name + "`";
    }

    /** Sections in the order of their numbers: 4.2 before 4.10. */
    private static String order(String section) {
        return SECTION.matcher(section).results().findAny().isEmpty()
                ? ""
                : Stream.of(section.split("\\.")).map("%4s"::formatted).collect(joining("."));
    }
}
