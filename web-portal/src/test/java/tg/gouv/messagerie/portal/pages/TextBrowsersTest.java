package tg.gouv.messagerie.portal.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What templates owe browsers that read no style, in which only a space or a line break keeps two texts apart. */
class TextBrowsersTest {
    private static final Path TEMPLATES = Path.of("src/main/jte");
    private static final Pattern RUN_TOGETHER = Pattern.compile(
            "(?:</(?:strong|span|label|code)>|\\})(?:@(?:if\\(.*\\)|endif))?<(?:strong|span|a|code)\\b[^>]*>(?![ ,])");
    private static final Pattern LABEL_BESIDE = Pattern.compile("<label for=.*</label>(?!<br>).*");
    private static final Pattern HINT_BESIDE = Pattern.compile("<span class=\"hint\" id=.*</span>(?!<br>)(?!</p>).*");

    @Test
    void noTwoTextsRunTogether() throws IOException {
        assertThat(found(RUN_TOGETHER)).isEmpty();
    }

    @Test
    void aFieldHasALineOfItsOwnAfterItsLabelAndHint() throws IOException {
        assertThat(found(LABEL_BESIDE)).isEmpty();
        assertThat(found(HINT_BESIDE)).isEmpty();
    }

    private static List<String> found(Pattern wrong) throws IOException {
        try (Stream<Path> files = Files.walk(TEMPLATES)) {
            return files.filter(Files::isRegularFile)
                    .flatMap(file ->
                            wrong.matcher(read(file)).results().map((MatchResult it) -> file + ": " + it.group()))
                    .toList();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
