package client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The demonstration, run as a stranger runs it, from the repository's root; no process of it outlives this. */
public final class Demo implements AutoCloseable {
    /** The first start makes the database and the demo State, after a rehearsal; a small machine takes its time. */
    private static final Duration READY_WITHIN = Duration.ofMinutes(6);

    private final Path data;
    private final Path log;
    private final List<Process> started = new ArrayList<>();
    private Map<String, String> environment = Map.of();

    /** A demonstration with its data in this folder; what it prints goes to the end of the log. */
    public Demo(Path data, Path log) {
        this.data = data.toAbsolutePath();
        this.log = log;
    }

    /** A demonstration with its data in a new folder below deploy/target. */
    public static Demo fresh(String name) throws IOException {
        Path target = Files.createDirectories(Path.of("deploy/target"));
        return new Demo(Files.createTempDirectory(target, name), target.resolve(name + ".log"));
    }

    /** A demonstration with its data below this folder. */
    public static Demo in(Path folder, String name) throws IOException {
        return new Demo(
                folder.resolve("data"), Files.createDirectories(Path.of("deploy/target")).resolve(name + ".log"));
    }

    /** From now on its programs are started with these in their environment. */
    public void environment(Map<String, String> variables) {
        environment = Map.copyOf(variables);
    }

    /** Starts it; returns when it can be used. */
    public Sheet up() throws Exception {
        Process program = messagerie("up", "--demo", "--ports", "auto");
        awaitThat(READY_WITHIN, "connection.json of process " + program.pid(), () -> {
            demand(program.isAlive(), "up ended with " + (program.isAlive() ? "" : program.exitValue()));
            return process("messagerie") == program.pid();
        });
        Set<PosixFilePermission> rights = Files.getPosixFilePermissions(sheet());
        demand(rights.size() == 2, "connection.json can be read by others: " + rights);
        return Sheet.read(sheet());
    }

    /** Runs a command of the program on these data to its end; returns its exit status. */
    public int run(String... words) throws Exception {
        return messagerie(words).waitFor();
    }

    /** Waits until connection.json names another process for a part than this one; returns the sheet that does. */
    public Sheet awaitOther(String part, long process) throws Exception {
        awaitThat(READY_WITHIN, "another " + part + " than " + process, () -> {
            long now = process(part);
            return now > 0 && now != process && lives(now);
        });
        return Sheet.read(sheet());
    }

    /** Keeps the program's log beside its output, where it outlives the data; returns where. */
    public Path keepLog() throws IOException {
        Path kept = Path.of(log.toString().replaceFirst("[.]log$", "-messagerie.log"));
        return Files.copy(data.resolve("log/messagerie.log"), kept, StandardCopyOption.REPLACE_EXISTING);
    }

    /** What connection.json says now. */
    public Sheet now() throws IOException {
        return Sheet.read(sheet());
    }

    /** The process that connection.json names for a part; -1 while it is not there. */
    private long process(String part) {
        try {
            return Sheet.read(sheet()).process(part);
        } catch (IOException e) {
            return -1;
        }
    }

    private Path sheet() {
        return data.resolve("connection.json");
    }

    private Process messagerie(String... words) throws IOException {
        List<String> command = new ArrayList<>(List.of("./messagerie"));
        command.addAll(List.of(words));
        command.addAll(List.of("--data", data.toString()));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        started.add(process);
        return process;
    }

    /** Kills a process and those it started, as a machine that loses its power does; returns when they are gone. */
    public static void kill(long process) throws Exception {
        ProcessHandle.of(process).ifPresent(it -> {
            List<ProcessHandle> children = it.descendants().toList();
            it.destroyForcibly();
            children.forEach(ProcessHandle::destroyForcibly);
        });
        awaitThat(Duration.ofSeconds(10), "the end of process " + process, () -> !lives(process));
    }

    /** Kills a process alone. */
    public static void killAlone(long process) throws Exception {
        ProcessHandle program = ProcessHandle.of(process).orElseThrow();
        program.destroyForcibly();
        program.onExit().get(10, TimeUnit.SECONDS);
    }

    /** A process that has ended and whose parent has not asked for its exit status yet (a zombie, proc(5)) lives no more. */
    public static boolean lives(long process) {
        try (var lines = Files.lines(Path.of("/proc", Long.toString(process), "status"))) {
            return lines.noneMatch(line -> line.startsWith("State:") && line.contains("Z"));
        } catch (IOException | UncheckedIOException e) {
            return false; // it is gone
        }
    }

    @Override
    public void close() {
        boolean left = started.stream().anyMatch(Process::isAlive);
        long postgresql = process("postgresql");
        started.forEach(Process::destroyForcibly);
        if (left && postgresql > 0) {
            ProcessHandle.of(postgresql).ifPresent(ProcessHandle::destroy);
        }
    }

    /** Ends the check, which failed, unless something holds. */
    public static void demand(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalStateException(otherwise + "\n(what the program said: deploy/target/*.log)");
        }
    }

    /** What is asked again until it holds. */
    public interface Condition {
        /** Whether it does. */
        boolean holds() throws Exception;
    }

    /** Waits until something holds. */
    public static void awaitThat(Duration within, String what, Condition condition) throws Exception {
        long deadline = System.nanoTime() + within.toNanos();
        while (!condition.holds()) {
            demand(System.nanoTime() < deadline, "waited " + within.toSeconds() + " s in vain for " + what);
            Thread.sleep(100);
        }
    }
}
