package tg.gouv.messagerie.mail.james;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Conversations with a running server, one for each file below {@code scripts}. */
class ScriptsTest {
    private static TestMail mail;

    @BeforeAll
    static void start() {
        mail = new TestMail(TestMail.settings());
    }

    @AfterAll
    static void stop() throws IOException {
        mail.close();
    }

    @TestFactory
    Stream<DynamicTest> scripts() throws IOException {
        String only = System.getProperty("script", "");
        try (Stream<Path> files = Files.list(Path.of("src/test/resources/scripts"))) {
            List<Path> sorted = files.filter(file -> file.toString().contains(only))
                    .sorted()
                    .toList();
            return sorted.stream()
                    .map(file -> DynamicTest.dynamicTest(
                            file.getFileName().toString(), () -> new Script(file, mail.server(), mail.cast()).run()));
        }
    }
}
