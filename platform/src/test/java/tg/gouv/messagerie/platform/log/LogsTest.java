package tg.gouv.messagerie.platform.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.LoggerContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.assertj.core.api.Assumptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import tg.gouv.messagerie.platform.log.LogSettings.Level;
import tg.gouv.messagerie.platform.settings.ByteSize;
import tg.gouv.messagerie.platform.settings.Settings;

class LogsTest {
    private static final String OURS = "tg.gouv.messagerie.mail.imap.Select";

    @TempDir
    private Path folder;

    private final LoggerContext context = new LoggerContext();

    @BeforeEach
    void beginQuietly() {
        context.setMDCAdapter(MDC.getMDCAdapter());
        new QuietStart().configure(context);
    }

    @AfterEach
    void end() {
        MDC.clear();
        context.stop();
    }

    @Test
    void anEventIsOneLine() throws Exception {
        Instant before = Instant.now().minusMillis(1);
        write(LogSettings.byDefault(), OURS, log -> log.info("event=selected mailbox={} messages={}", "INBOX", 12));

        String line = onlyLine();

        assertThat(line).endsWith("Z INFO Select event=selected mailbox=INBOX messages=12");
        assertThat(Instant.parse(line.substring(0, 24))).isBetween(before, Instant.now());
    }

    @Test
    void aClientCannotForgeALineNorSteerATerminal() throws Exception {
        String name =
                "x\n2026-11-24T00:00:00.000Z INFO Audit event=granted\r\t\u001b[2J\u0085\u2028\u2029\u202e\\n\u0000";

        write(LogSettings.byDefault(), OURS, log -> log.warn("event=refused name={}", name));

        assertThat(onlyLine())
                .endsWith("WARN Select event=refused name=x\\n2026-11-24T00:00:00.000Z INFO Audit event=granted"
                        + "\\r\\t\\u001b[2J\\u0085\\u2028\\u2029\\u202e\\\\n\\u0000");
    }

    @Test
    void accentsAndOtherScriptsAreWrittenAsTheyAre() throws Exception {
        write(LogSettings.byDefault(), OURS, log -> log.info("name={}", "Ɛyram Ŋutsu é 邮件 😀"));

        assertThat(onlyLine()).endsWith("name=Ɛyram Ŋutsu é 邮件 😀");
    }

    @Test
    void theSessionIsInEveryLineThatHasOne() throws Exception {
        write(LogSettings.byDefault(), OURS, log -> {
            log.info("one");
            MDC.put("sessionId", "SID-of-james");
            log.info("two");
            MDC.put("session", "01j-9:x");
            log.info("three");
            MDC.put("session", "a b=c\nd");
            log.info("four");
        });

        assertThat(lines())
                .extracting(line -> line.substring(line.indexOf(" Select") + 1))
                .containsExactly(
                        "Select one",
                        "Select session=SID-of-james two",
                        "Select session=01j-9:x three",
                        "Select session=a_b_c_d four");
    }

    @Test
    void anExceptionIsOnTheSameLineAndHasBounds() throws Exception {
        write(
                LogSettings.byDefault(),
                OURS,
                log -> log.error(
                        "event=failed", new IllegalStateException("what\nthe client sent", new IOException("disk"))));
        write(LogSettings.byDefault(), OURS, log -> log.error("x".repeat(1 << 20)));

        assertThat(lines()).hasSize(2);
        assertThat(lines().getFirst())
                .contains("event=failed exception=java.lang.IllegalStateException: what\\nthe client sent\\n\\tat ")
                .contains("Caused by: java.io.IOException: disk");
        assertThat(lines().getLast()).hasSizeBetween(LogLine.LENGTH_MAX, LogLine.LENGTH_MAX + 100);
    }

    @Test
    void ourLevelIsOursAndLibrariesAreTamed() throws Exception {
        write(settings(Level.TRACE), OURS, log -> log.trace("ours"));
        write(settings(Level.TRACE), "org.apache.directory.Decoder", log -> log.debug("userPassword=…"));
        write(settings(Level.TRACE), "org.apache.directory.Decoder", log -> log.info("library"));
        write(settings(Level.TRACE), "org.apache.james.jmap.routes.JMAPApiRoutes", log -> log.warn("gone"));
        write(settings(Level.TRACE), "org.apache.james.jmap.routes.JMAPApiRoutes", log -> log.error("routes"));
        write(settings(Level.TRACE), "org.flywaydb.core.Flyway", log -> log.info("migrated"));
        write(settings(Level.TRACE), "com.zaxxer.hikari.HikariDataSource", log -> log.info("started"));
        write(settings(Level.TRACE), "io.netty.channel.Channel", log -> log.warn("netty"));
        write(settings(Level.ERROR), "io.netty.channel.Channel", log -> log.warn("netty under error"));
        write(settings(Level.INFO), OURS, log -> log.debug("ours under info"));

        assertThat(lines())
                .extracting(line -> line.substring(line.lastIndexOf(' ') + 1))
                .containsExactly("ours", "library", "routes", "netty");
    }

    @Test
    void theLogIsForItsUserAlone() throws Exception {
        write(LogSettings.byDefault(), OURS, log -> log.info("x"));

        assertThat(mode(folder.resolve("log"))).isEqualTo("rwx------");
        assertThat(mode(folder.resolve("log/messagerie.log"))).isEqualTo("rw-------");
    }

    @Test
    void afterAStartTheLogGoesOnWhereItWas() throws Exception {
        write(LogSettings.byDefault(), OURS, log -> log.info("one"));
        write(LogSettings.byDefault(), OURS, log -> log.info("two"));

        assertThat(lines()).hasSize(2);
    }

    @Test
    void allFilesTogetherStayBelowTheirBound() throws Exception {
        Path place = folder.resolve("its (log) d");
        Path file = place.resolve("mail.log");
        LogSettings small = new LogSettings(
                Level.INFO, Optional.of(file), Duration.ofDays(1), ByteSize.parse("64KB"), ByteSize.parse("256KB"));

        write(small, OURS, log -> {
            for (int i = 0; i < 20_000; i++) {
                log.info("event=line number={}", i);
            }
            await(() -> size(place) <= (256 << 10) + 200);
        });

        assertThat(mode(file)).isEqualTo("rw-------");
        try (Stream<Path> files = Files.list(place)) {
            assertThat(files.map(each -> each.getFileName().toString()))
                    .contains("mail.log")
                    .hasSizeBetween(3, 5)
                    .allMatch(name -> name.matches("mail(\\.\\d{4}-\\d\\d-\\d\\d\\.\\d+)?\\.log"));
        }
        assertThat(Files.readString(file, UTF_8)).contains("number=19999\n");
    }

    @Test
    void aPlaceThatCannotBeWrittenIsRefusedInASentence() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "");

        assertThatThrownBy(() -> Logs.open(context, file, LogSettings.byDefault()))
                .isInstanceOf(LogUnavailable.class)
                .hasMessageStartingWith("the log " + file + "/log/messagerie.log cannot be written: ");
        assertThatThrownBy(() -> Logs.open(context, folder.resolve("100%"), LogSettings.byDefault()))
                .isInstanceOf(LogUnavailable.class)
                .hasMessageEndingWith("its path must have no per cent sign");
    }

    @Test
    void aFolderOfSomebodyElseIsRefusedInASentence() throws Exception {
        Assumptions.assumeThat(System.getProperty("user.name"))
                .as("root may write everywhere")
                .isNotEqualTo("root");
        Path theirs = Files.createDirectory(
                folder.resolve("theirs"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("r-xr-xr-x")));

        assertThatThrownBy(() -> Logs.open(context, theirs, LogSettings.byDefault()))
                .isInstanceOf(LogUnavailable.class)
                .hasMessageEndingWith("cannot be written by user " + System.getProperty("user.name"));
    }

    @Test
    void theSettingsAreDocumentedAndChecked() {
        assertThat(Settings.parse("x", Settings.reference(LogSettings.class), LogSettings.class, folder)
                        .value())
                .isEqualTo(LogSettings.byDefault());
        assertThatThrownBy(() -> Settings.parse("x", "keep = \"36h\"", LogSettings.class, folder))
                .hasMessageEndingWith("line 1: keep must be a number of whole days, such as 30d");
        assertThatThrownBy(() -> Settings.parse("x", "file-size-max = \"2GB\"", LogSettings.class, folder))
                .hasMessageEndingWith("total-size-max must be twice file-size-max or more");
    }

    @Test
    void testsLogAsTheirFileSays() {
        LoggerContext ofTests = (LoggerContext) LoggerFactory.getILoggerFactory();

        assertThat(ofTests.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("console"))
                .isNotNull();
        assertThat(ofTests.getLogger("org.flywaydb").getLevel()).isEqualTo(ch.qos.logback.classic.Level.OFF);
    }

    @FunctionalInterface
    private interface Act {
        void on(Logger log) throws Exception;
    }

    @FunctionalInterface
    private interface Condition {
        boolean holds() throws IOException;
    }

    private void write(LogSettings settings, String logger, Act act) throws Exception {
        try (Logs logs = Logs.open(context, folder, settings)) {
            assertThat(logs).isNotNull();
            act.on(context.getLogger(logger));
        }
    }

    private List<String> lines() throws IOException {
        return Files.readString(folder.resolve("log/messagerie.log"), UTF_8)
                .lines()
                .toList();
    }

    private String onlyLine() throws IOException {
        assertThat(lines()).hasSize(1);
        return lines().getFirst();
    }

    private static LogSettings settings(Level level) {
        LogSettings defaults = LogSettings.byDefault();
        return new LogSettings(
                level, defaults.file(), defaults.keep(), defaults.fileSizeMax(), defaults.totalSizeMax());
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private static long size(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.mapToLong(each -> each.toFile().length()).sum();
        }
    }

    private static void await(Condition condition) throws IOException {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.holds()) {
            assertThat(System.nanoTime()).isLessThan(end);
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
    }
}
