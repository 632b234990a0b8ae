package tg.gouv.messagerie.platform.database;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Real processes that a test starts, and ends as a crash would. */
public final class Processes {
    private static final Duration GONE_WITHIN = Duration.ofSeconds(10);

    private Processes() {}

    /** Another JVM of this class path that runs a main class; its errors go to ours. */
    public static Process java(List<String> options, Class<?> main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", classPath(main), main.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** Where the classes come from that a test runs with; a launcher may have a loader of its own for them. */
    private static String classPath(Class<?> main) {
        String own = main.getClassLoader() instanceof URLClassLoader loader
                ? Arrays.stream(loader.getURLs()).map(URL::getPath).collect(Collectors.joining(File.pathSeparator))
                        + File.pathSeparator
                : "";
        return own + System.getProperty("java.class.path");
    }

    /** Kills a process and every child of it, none of which may do anything any more. */
    static void killWithChildren(long pid) throws InterruptedException {
        List<ProcessHandle> all = Stream.concat(
                        ProcessHandle.of(pid).stream(),
                        ProcessHandle.of(pid).stream().flatMap(ProcessHandle::descendants))
                .toList();
        all.forEach(ProcessHandle::destroyForcibly);
        awaitGone(pid);
    }

    /** Returns when nothing runs under this number any more. */
    static void awaitGone(long pid) throws InterruptedException {
        long deadline = System.nanoTime() + GONE_WITHIN.toNanos();
        while (runs(pid)) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("process " + pid + " is still there");
            }
            Thread.sleep(10);
        }
    }

    /** Whether a process with this number runs; one that is dead but not yet reaped does not. */
    static boolean runs(long pid) {
        try {
            return Files.readAllBytes(Path.of("/proc", Long.toString(pid), "cmdline")).length > 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** The session of a process, which a terminal's Ctrl-C reaches as a whole. */
    static String session(long pid) {
        try {
            // proc(5): pid (comm) state ppid pgrp session …
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            return stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[3];
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
