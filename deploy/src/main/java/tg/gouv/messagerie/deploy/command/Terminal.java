package tg.gouv.messagerie.deploy.command;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Where the command line speaks: results on the standard output, everything else on the standard error.
 *
 * @param interactive whether a person reads the standard output, so that passwords may be shown there and nowhere else
 */
record Terminal(PrintStream out, PrintStream err, boolean interactive, Texts texts) {
    /** The one this process was started on. */
    static Terminal ofProcess() {
        return new Terminal(
                stream(FileDescriptor.out, System.getProperty("stdout.encoding")),
                stream(FileDescriptor.err, System.getProperty("stderr.encoding")),
                isTerminal(Path.of("/proc/self/fd/1")),
                Texts.of(System.getenv()));
    }

    /** Prints a sentence of the texts as a result. */
    void say(String key, Object... values) {
        out.println(texts.text(key, values));
        out.flush();
    }

    /** Prints a line that is not a sentence, such as JSON. */
    void result(String line) {
        out.println(line);
        out.flush();
    }

    /** A text of somebody else's, which must not direct the reader's terminal: on one line, without control characters. */
    static String printable(String text) {
        return text.replaceAll("\\s*\\R\\s*", " / ").replaceAll("\\p{Cc}|\\p{Cf}", "?");
    }

    /** Prints a refusal, or another sentence that is not a result. */
    void complain(String sentence) {
        err.println("messagerie: " + sentence);
        err.flush();
    }

    /** A path as a person writes it, from their home directory. */
    static String shortened(Path path, Map<String, String> environment) {
        String home = environment.getOrDefault("HOME", "");
        return !home.isEmpty() && path.startsWith(home) && !home.equals("/")
                ? "~/" + Path.of(home).relativize(path)
                : path.toString();
    }

    /** Java's own answer is about the standard input too; the kernel says where the standard output leads. */
    private static boolean isTerminal(Path descriptor) {
        try {
            String leadsTo = Files.readSymbolicLink(descriptor).toString();
            return leadsTo.startsWith("/dev/pts/") || leadsTo.startsWith("/dev/tty") || leadsTo.equals("/dev/console");
        } catch (IOException e) {
            return false;
        }
    }

    /** A locale that knows ASCII only is the absence of a choice: today's terminals read UTF-8. */
    private static PrintStream stream(FileDescriptor descriptor, String encoding) {
        Charset charset = Charset.forName(encoding, StandardCharsets.UTF_8);
        return new PrintStream(
                new FileOutputStream(descriptor),
                true,
                charset.equals(StandardCharsets.US_ASCII) ? StandardCharsets.UTF_8 : charset);
    }
}
