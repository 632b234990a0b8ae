package tg.gouv.messagerie.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher itself, in a tree of its own where Java and Maven are small scripts that write down how they were called. */
class LauncherTest {
    /** A Java that writes its arguments down, and makes the cache that it is asked for. */
    private static final String JAVA = """
            #!/bin/sh
            printf '%s|' "$@"
            for each; do case $each in -XX:AOTCacheOutput=*) echo cache >"${each#*=}"; echo rehearsal >>"$(dirname "$0")/../../rehearsals" ;; esac; done
            """;

    /** A Maven that makes what a build makes. */
    private static final String MAVEN = """
            #!/bin/sh
            echo "[INFO] Building platform 0.1.0-SNAPSHOT                                   [2/9]"
            echo "[INFO] Downloaded from central: https://repo.example/a.jar (1.5 MB at 2.0 MB/s)"
            echo "$JAVA_HOME $*" >>../maven-calls
            [ ! -e ../maven-fails ] || { echo "[ERROR] a defect in Thing.java"; exit 1; }
            mkdir -p deploy/target && touch deploy/target/deploy-0.1.0-SNAPSHOT.jar deploy/target/class-path
            """;

    @TempDir
    private Path folder;

    private Path tree;
    private Path jdk;
    private Path commands;

    @BeforeEach
    void plant() throws IOException {
        tree = Files.createDirectories(folder.resolve("a State's tree"));
        jdk = folder.resolve("jdk 25");
        commands = Files.createDirectories(folder.resolve("commands"));
        String launcher = Files.readString(Path.of("../messagerie"));
        script(tree.resolve("messagerie"), launcher.replace("/usr/lib/jvm/", folder + "/no-jvm/"));
        write(tree.resolve("pom.xml"), "");
        write(tree.resolve("platform/pom.xml"), "");
        write(tree.resolve("platform/src/main/java/Thing.java"), "");
        write(jdk.resolve("release"), "JAVA_VERSION=\"25.0.3\"\n");
        script(jdk.resolve("bin/java"), JAVA);
        script(jdk.resolve("bin/javac"), "#!/bin/sh\n");
        script(commands.resolve("mvn"), MAVEN);
    }

    @Test
    void buildsOnceThenRunsTheProgramWithItsArgumentsIntact() throws Exception {
        Ended first = run(withJdk(), "up", "--data", "a b  c", "", "é'\"$x");
        Ended second = run(withJdk(), "up");

        assertThat(first.status()).isZero();
        assertThat(first.out())
                .contains("-cp|" + tree + "/deploy/target/deploy-0.1.0-SNAPSHOT.jar|")
                .endsWith("|tg.gouv.messagerie.deploy.Messagerie|up|--data|a b  c||é'\"$x|");
        assertThat(first.err()).contains("platform 2/9", "1 Mo");
        assertThat(second.err()).isEmpty();
        assertThat(mavenCalls()).hasSize(1).first().asString().startsWith(jdk.toString());
    }

    @Test
    void rehearsesOnceABuildAndStartsWithWhatThatTaught() throws Exception {
        Ended looked = run(withJdk(), "version");
        Ended first = run(withJdk(), "up");
        Ended second = run(withJdk(), "up");

        String cache = "|-XX:AOTCache=" + tree + "/deploy/target/messagerie.aot|";
        assertThat(looked.out()).doesNotContain("AOTCache");
        assertThat(looked.err()).doesNotContain("démarrage rapide");
        assertThat(first.err()).contains("démarrage rapide");
        assertThat(first.out()).contains(cache);
        assertThat(second.err()).isEmpty();
        assertThat(second.out()).contains(cache);
        assertThat(rehearsals()).isEqualTo(1);

        Files.setLastModifiedTime(tree.resolve("pom.xml"), later());
        run(withJdk(), "up");
        assertThat(rehearsals()).isEqualTo(2);
    }

    @Test
    void startsAllTheSameWhereNoRehearsalIsToBeHad() throws Exception {
        script(jdk.resolve("bin/java"), "#!/bin/sh\nprintf '%s|' \"$@\"\n");

        Ended first = run(withJdk(), "up");
        Ended second = run(withJdk(), "up");

        assertThat(first.status()).isZero();
        assertThat(second.out()).endsWith("|up|").doesNotContain("AOTCache");
        assertThat(second.err()).isEmpty();
    }

    @Test
    void runsFromAnotherDirectoryAndThroughALink() throws Exception {
        Path link = Files.createSymbolicLink(commands.resolve("messagerie"), tree.resolve("messagerie"));

        Ended ended = launch(link, withJdk(), "version");

        assertThat(ended.status()).isZero();
        assertThat(ended.out()).contains(tree + "/deploy/target/");
    }

    @Test
    void buildsAgainWhenASourceIsNewerAndWhenOneWasDeleted() throws Exception {
        run(withJdk(), "up");
        Path source = tree.resolve("platform/src/main/java/Thing.java");
        Files.setLastModifiedTime(source, later());
        run(withJdk(), "up");
        ageOfBuild(later());
        run(withJdk(), "up");
        assertThat(mavenCalls()).hasSize(2);

        ageOfBuild(FileTime.from(Instant.now().minusSeconds(60)));
        ageAllSources();
        run(withJdk(), "up");
        assertThat(mavenCalls()).hasSize(2);
        Files.delete(source);
        run(withJdk(), "up");

        assertThat(mavenCalls()).hasSize(3);
    }

    @Test
    void whatLooksAtARunningProgramTakesTheBuildThereIs() throws Exception {
        run(withJdk(), "version");
        Files.setLastModifiedTime(tree.resolve("pom.xml"), later());

        for (String command : List.of("status", "down", "stop", "version", "backup", "demo")) {
            assertThat(run(withJdk(), command).out()).endsWith("|" + command + "|");
        }

        assertThat(mavenCalls()).hasSize(1);
    }

    @Test
    void aFailedBuildShowsItsErrorsAndRunsNothing() throws Exception {
        write(folder.resolve("maven-fails"), "");

        Ended ended = run(withJdk(), "up");

        assertThat(ended.status()).isEqualTo(70);
        assertThat(ended.err()).contains("a defect in Thing.java", "deploy/target/build.log");
        assertThat(ended.out()).isEmpty();
    }

    @Test
    void saysInBothLanguagesWhatToInstallWithoutJdk25() throws Exception {
        Ended ended = run(Map.of(), "up");

        assertThat(ended.status()).isEqualTo(69);
        assertThat(ended.err()).contains("il faut le JDK 25", "JDK 25 is needed", "openjdk-25-jdk-headless");
    }

    @Test
    void anOlderJdkIsNotTaken() throws Exception {
        write(jdk.resolve("release"), "JAVA_VERSION=\"17.0.25\"\n");

        assertThat(run(Map.of("JAVA_HOME", jdk.toString()), "up").status()).isEqualTo(69);
        assertThat(run(withJdk(), "up").err()).contains("MESSAGERIE_JAVA=" + jdk + " n'est pas un JDK 25");
    }

    @Test
    void saysWhatToInstallWithoutMaven() throws Exception {
        Files.delete(commands.resolve("mvn"));

        Ended ended = run(withJdk(), "up");

        assertThat(ended.status()).isEqualTo(69);
        assertThat(ended.err()).contains("il faut Maven", "Maven (3.8 or later) is needed");
    }

    @Test
    void refusesToReplaceTheJarsOfARunningProgram() throws Exception {
        run(withJdk(), "version");
        Process running = new ProcessBuilder(
                        "/bin/sh",
                        "-c",
                        "sleep 60; exit",
                        tree + "/deploy/target/deploy-0.1.0-SNAPSHOT.jar",
                        "tg.gouv.messagerie.deploy.Messagerie")
                .start();
        try {
            Files.setLastModifiedTime(tree.resolve("pom.xml"), later());

            Ended ended = run(withJdk(), "up");

            assertThat(ended.status()).isEqualTo(75);
            assertThat(ended.err()).contains("processus " + running.pid());
            assertThat(mavenCalls()).hasSize(1);
        } finally {
            running.descendants().forEach(ProcessHandle::destroy);
            running.destroy();
        }
    }

    private Map<String, String> withJdk() {
        return Map.of("MESSAGERIE_JAVA", jdk.toString());
    }

    private Ended run(Map<String, String> environment, String... arguments) throws Exception {
        return launch(tree.resolve("messagerie"), environment, arguments);
    }

    private Ended launch(Path launcher, Map<String, String> environment, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(arguments));
        Path out = Files.createTempFile(folder, "out", "");
        Path err = Files.createTempFile(folder, "err", "");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("L") || name.startsWith("JAVA"));
        builder.environment().put("PATH", commands + ":" + javaFreePath());
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return new Ended(process.exitValue(), Files.readString(out, UTF_8), Files.readString(err, UTF_8));
    }

    /** A folder with the few commands a launcher needs: neither Java nor Maven of the machine is in it. */
    private String javaFreePath() throws IOException {
        Path few = folder.resolve("few");
        if (!Files.exists(few)) {
            for (String name : List.of(
                    "awk",
                    "chmod",
                    "cut",
                    "date",
                    "dirname",
                    "find",
                    "grep",
                    "head",
                    "mkdir",
                    "mktemp",
                    "mv",
                    "readlink",
                    "rm",
                    "sleep",
                    "touch")) {
                Path place = Files.exists(Path.of("/bin", name)) ? Path.of("/bin", name) : Path.of("/usr/bin", name);
                script(few.resolve(name), "#!/bin/sh\nexec " + place + " \"$@\"\n");
            }
        }
        return few.toString();
    }

    private long rehearsals() throws IOException {
        return Files.readAllLines(folder.resolve("rehearsals")).size();
    }

    private List<String> mavenCalls() throws IOException {
        return Files.readAllLines(folder.resolve("maven-calls"));
    }

    private void ageOfBuild(FileTime time) throws IOException {
        Files.setLastModifiedTime(tree.resolve("deploy/target/class-path"), time);
    }

    private void ageAllSources() throws IOException {
        FileTime old = FileTime.from(Instant.now().minusSeconds(3600));
        try (var paths = Files.walk(tree)) {
            for (Path path :
                    paths.filter(it -> !it.startsWith(tree.resolve("deploy"))).toList()) {
                Files.setLastModifiedTime(path, old);
            }
        }
    }

    private static FileTime later() {
        return FileTime.from(Instant.now().plusSeconds(60));
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private static void script(Path file, String text) throws IOException {
        write(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private record Ended(int status, String out, String err) {}
}
