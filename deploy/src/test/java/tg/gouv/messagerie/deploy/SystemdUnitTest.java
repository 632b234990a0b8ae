package tg.gouv.messagerie.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The unit of systemd, as systemd itself judges it. */
class SystemdUnitTest {
    private static final Path ANALYZE = Path.of("/usr/bin/systemd-analyze");

    @TempDir
    private Path folder;

    private Path unit;

    @BeforeEach
    void copy() throws IOException {
        assumeThat(ANALYZE).as("systemd is not installed").exists();
        String text = Files.readString(Path.of("systemd/messagerie.service"))
                .replace(
                        "/opt/messagerie/messagerie",
                        Path.of("../messagerie").toRealPath().toString());
        unit = Files.writeString(folder.resolve("messagerie.service"), text);
    }

    @Test
    void isUnderstoodWhole() throws Exception {
        assertThat(analyze("verify", "--man=no")).isEmpty();
    }

    @Test
    void exposesLittle() throws Exception {
        Matcher exposure = Pattern.compile("exposure level for messagerie.service: ([0-9.]+)")
                .matcher(analyze("security", "--offline=yes", "--no-pager"));

        assertThat(exposure.find()).isTrue();
        assertThat(Double.parseDouble(exposure.group(1))).isLessThanOrEqualTo(1.6);
    }

    private String analyze(String... words) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(ANALYZE.toString());
        builder.command().addAll(List.of(words));
        builder.command().add(unit.toString());
        builder.environment().put("SYSTEMD_LOG_LEVEL", "warning");
        Process process = builder.redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        process.waitFor();
        return said.lines().filter(line -> line.contains("messagerie")).reduce("", (all, line) -> all + line + "\n");
    }
}
