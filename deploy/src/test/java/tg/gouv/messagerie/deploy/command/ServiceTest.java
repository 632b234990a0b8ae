package tg.gouv.messagerie.deploy.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tg.gouv.messagerie.deploy.command.Specimen.Manner;

/** What surrounds a running program, with real processes: its lock, its socket, its end. */
class ServiceTest {
    @TempDir
    private Path folder;

    private final List<Process> processes = new ArrayList<>();

    @AfterEach
    void endWhatIsLeft() {
        processes.forEach(Process::destroyForcibly);
    }

    @Test
    void statusTellsWhatRunsAndDownReturnsWhenItIsGone() throws Exception {
        Process program = ready(data());

        Said status = say("status");
        Said down = say("down");

        assertThat(status.code()).isZero();
        assertThat(status.out())
                .contains("Le courriel circule.", "messagerie " + program.pid(), "imaps 5993", "Comptes : 22");
        assertThat(down.code()).isZero();
        assertThat(down.out()).contains("Arrêté en");
        assertThat(program.isAlive()).isFalse();
        assertThat(program.exitValue()).isZero();
        assertThat(out(program))
                .contains("begins\n", "ready\n", "over\n")
                .contains(System.getProperty("user.name") + " ordered down\n")
                .doesNotContain("ordered status");
        assertThat(data().resolve("run/control.sock")).doesNotExist();
    }

    @Test
    void aRehearsalEndsWhenItIsReady() throws Exception {
        Process program = start(data(), Manner.REHEARSES);

        assertThat(program.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(program.exitValue()).isZero();
        assertThat(out(program)).contains("begins\n", "ready\n", "over\n");
    }

    @Test
    void withoutAProgramStatusSaysSoAndDownHasNothingToDo() {
        Said status = say("status");
        Said down = say("down");

        assertThat(status.code()).isEqualTo(69);
        assertThat(status.err()).contains("Aucun programme ne tourne");
        assertThat(down.code()).isZero();
        assertThat(down.out()).contains("Rien à arrêter");
    }

    @Test
    void aSecondProgramOnTheSameDataIsRefusedAndTheFirstLivesOn() throws Exception {
        Process first = ready(data());

        Process second = start(data());

        assertThat(second.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(second.exitValue()).isEqualTo(75);
        assertThat(err(second)).contains("tourne déjà", "processus " + first.pid());
        assertThat(say("status").code()).isZero();
    }

    @Test
    void aSocketThatADeadProgramLeftIsReplaced() throws Exception {
        Process first = ready(data());
        first.destroyForcibly().waitFor();
        assertThat(data().resolve("run/control.sock")).exists();
        assertThat(say("status").code()).isEqualTo(69);
        assertThat(say("down").code()).isZero();

        ready(data());

        assertThat(say("status").code()).isZero();
    }

    @Test
    void aSignalEndsItInGoodOrder() throws Exception {
        Process program = ready(data());

        program.destroy(); // SIGTERM

        assertThat(program.waitFor(5, TimeUnit.SECONDS)).isTrue();
        assertThat(out(program)).contains("over\n");
    }

    @Test
    void aStartCanBeEndedBySignalAndByDown() throws Exception {
        for (boolean bySignal : new boolean[] {true, false}) {
            Process program = start(data(), Manner.STARTS_SLOWLY);
            await(() -> say("status").err().contains("démarre sur"));

            if (bySignal) {
                program.destroy();
            } else {
                assertThat(say("down").code()).isZero();
            }

            assertThat(program.waitFor(5, TimeUnit.SECONDS)).isTrue();
            assertThat(out(program)).contains("Arrêté avant la fin du démarrage", "over\n");
            assertThat(err(program)).isEmpty();
        }
    }

    @Test
    void aPartThatDoesNotCloseDoesNotKeepTheProcess() throws Exception {
        Process program = ready(data(), Manner.STOPS_SLOWLY);

        Said down = say("down");

        assertThat(down.code()).isZero();
        assertThat(program.waitFor(1, TimeUnit.SECONDS)).isTrue();
        assertThat(program.exitValue()).isEqualTo(75);
        assertThat(out(program)).doesNotContain("over\n");
    }

    @Test
    void aDataDirectoryMayBeDeeperThanTheNameOfASocketMayBeLong() throws Exception {
        Path deep = folder.resolve("d".repeat(100)).resolve("un répertoire");

        Process program = ready(deep);

        assertThat(say(deep, "status").code()).isZero();
        assertThat(say(deep, "down").code()).isZero();
        assertThat(program.waitFor(1, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void theSocketIsForItsUserAlone() throws Exception {
        ready(data());

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data().resolve("run/control.sock"))))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data().resolve("run"))))
                .isEqualTo("rwx------");
    }

    @Test
    void anotherUserWhoGetsThroughToTheSocketIsRefusedByTheKernelsWord() throws Exception {
        assumeThat(System.getProperty("user.name"))
                .as("only root can act as another user")
                .isEqualTo("root");
        Process program = ready(data());
        Path socket = data().resolve("run/control.sock");
        Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-rw-rw-"));
        for (Path above : List.of(folder, data(), data().resolve("run"))) {
            Files.setPosixFilePermissions(above, PosixFilePermissions.fromString("rwxr-xr-x"));
        }

        Process nobody = new ProcessBuilder(
                        "setpriv",
                        "--reuid=65534",
                        "--clear-groups",
                        "--",
                        System.getProperty("java.home") + "/bin/java",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Asking.class.getName(),
                        socket.toString(),
                        "down\n")
                .redirectErrorStream(true)
                .start();

        assertThat(new String(nobody.getInputStream().readAllBytes(), UTF_8))
                .contains("{\"answer\":\"refused\",\"reason\":\"user\"}");
        assertThat(program.isAlive()).isTrue();
        assertThat(out(program)).contains(" was refused down\n");
    }

    @Test
    void whatIsNoRequestIsRefusedAndASilentClientDisturbsNobody() throws Exception {
        ready(data());
        Path socket = data().resolve("run/control.sock");
        try (ShortPath path = ShortPath.to(socket);
                SocketChannel _ = SocketChannel.open(path.address())) {
            assertThat(Asking.ask(socket, "explode\n")).contains("\"reason\":\"request\"");
            assertThat(Asking.ask(socket, "x".repeat(ControlServer.REQUEST_BYTES_MAX)))
                    .contains("\"reason\":\"request\"");
            assertThat(say("status").code()).isZero();
        }
    }

    /** Asks a socket from a process that is somebody else's. */
    static final class Asking {
        private Asking() {}

        public static void main(String[] arguments) throws IOException {
            System.out.println(ask(Path.of(arguments[0]), arguments[1]));
        }

        static String ask(Path socket, String request) throws IOException {
            try (ShortPath path = ShortPath.to(socket);
                    SocketChannel channel = SocketChannel.open(path.address())) {
                ByteBuffer answer = ByteBuffer.allocate(ControlAnswer.BYTES_MAX);
                channel.write(ByteBuffer.wrap(request.getBytes(UTF_8)));
                while (channel.read(answer) >= 0) {
                    // until it closes
                }
                return new String(answer.array(), 0, answer.position(), UTF_8);
            }
        }
    }

    private Path data() {
        return folder.resolve("data");
    }

    private Process ready(Path data, Manner... manners) throws Exception {
        Process program = start(data, manners);
        await(() -> !program.isAlive() || say(data, "status").code() == 0);
        assertThat(program.isAlive()).as(() -> unchecked(() -> err(program))).isTrue();
        return program;
    }

    private Process start(Path data, Manner... manners) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                System.getProperty("java.home") + "/bin/java",
                "-XX:TieredStopAtLevel=1",
                "-Dstdout.encoding=UTF-8",
                "-Dstderr.encoding=UTF-8",
                "-Dsun.jnu.encoding=UTF-8",
                "-cp",
                System.getProperty("java.class.path"),
                Specimen.class.getName(),
                data.toString()));
        Arrays.stream(manners).map(Manner::name).forEach(command::add);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("LC_ALL", "C.UTF-8");
        int number = processes.size();
        Process process = builder.redirectOutput(folder.resolve("out" + number).toFile())
                .redirectError(folder.resolve("err" + number).toFile())
                .start();
        processes.add(process);
        return process;
    }

    private String out(Process process) throws IOException {
        return Files.readString(folder.resolve("out" + processes.indexOf(process)));
    }

    private String err(Process process) throws IOException {
        return Files.readString(folder.resolve("err" + processes.indexOf(process)));
    }

    private Said say(String command) {
        return say(data(), command);
    }

    private static Said say(Path data, String command) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(
                new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8), false, Texts.in(Locale.FRENCH));
        int code = Commands.commandLine(terminal, Clock.systemUTC(), new SpecimenAssembly())
                .execute(command, "--data", data.toString());
        return new Said(code, out.toString(UTF_8), err.toString(UTF_8));
    }

    private static void await(java.util.function.BooleanSupplier condition) throws InterruptedException {
        for (int tries = 0; tries < 200 && !condition.getAsBoolean(); tries++) {
            Thread.sleep(50);
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }

    private static String unchecked(java.util.concurrent.Callable<String> text) {
        try {
            return text.call();
        } catch (Exception e) {
            return e.toString();
        }
    }

    private record Said(int code, String out, String err) {}
}
