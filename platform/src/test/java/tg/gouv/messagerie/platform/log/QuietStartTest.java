package tg.gouv.messagerie.platform.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process of the program, with the class path it has outside tests. */
class QuietStartTest {
    private static final String PROGRAM = """
            import org.slf4j.LoggerFactory;

            class Program {
                public static void main(String[] arguments) {
                    LoggerFactory.getLogger("tg.gouv.Program").info("too little");
                    LoggerFactory.getLogger("tg.gouv.Program").warn("event=odd\\nline");
                    try (var logs = tg.gouv.messagerie.platform.log.Logs.open(
                            java.nio.file.Path.of(arguments[0]),
                            tg.gouv.messagerie.platform.log.LogSettings.byDefault())) {
                        LoggerFactory.getLogger("tg.gouv.Program").warn("event=in-the-file");
                    }
                    LoggerFactory.getLogger("tg.gouv.Program").error("event=afterwards");
                }
            }
            """;

    /** What logback would obey if it were asked to look for it. */
    private static final String FOREIGN = """
            <configuration>
              <appender name="out" class="ch.qos.logback.core.ConsoleAppender">
                <encoder><pattern>foreign %msg%n</pattern></encoder>
              </appender>
              <root level="TRACE"><appender-ref ref="out"/></root>
            </configuration>
            """;

    @TempDir
    private Path folder;

    @Test
    void warnsOnTheStandardErrorUntilTheLogIsOpenWhateverFilesLieAround() throws Exception {
        Path program = Files.writeString(folder.resolve("Program.java"), PROGRAM);
        for (String name : new String[] {"logback.xml", "logback-test.xml", "named.xml"}) {
            Files.writeString(folder.resolve(name), FOREIGN);
        }
        File out = folder.resolve("out").toFile();
        File err = folder.resolve("err").toFile();

        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-Dlogback.configurationFile=" + folder.resolve("named.xml"),
                        "-cp",
                        folder + File.pathSeparator + classPathOutsideTests(),
                        program.toString(),
                        folder.toString())
                .redirectOutput(out)
                .redirectError(err)
                .start();

        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(Files.readString(err.toPath(), UTF_8).lines())
                .satisfiesExactly(
                        line -> assertThat(line).endsWith("Z WARN Program event=odd\\nline"),
                        line -> assertThat(line).endsWith("Z ERROR Program event=afterwards"));
        assertThat(Files.readString(out.toPath(), UTF_8)).isEmpty();
        assertThat(Files.readString(folder.resolve("log/messagerie.log"), UTF_8))
                .endsWith("Z WARN Program event=in-the-file\n")
                .hasLineCount(1);
    }

    private static String classPathOutsideTests() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .filter(entry -> !entry.endsWith("test-classes"))
                .collect(Collectors.joining(File.pathSeparator));
    }
}
