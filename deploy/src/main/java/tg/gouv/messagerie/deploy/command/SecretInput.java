package tg.gouv.messagerie.deploy.command;

import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Where secrets are read: a terminal, which does not show them, or the lines of the standard input, one each. */
final class SecretInput {
    private static final int CHARACTERS_MAX = 4_096;

    private final Terminal terminal;
    private final @Nullable Console console;
    private final BufferedReader lines;

    private SecretInput(Terminal terminal, @Nullable Console console) {
        this.terminal = terminal;
        this.console = console;
        this.lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    }

    /** That of this process. */
    @SuppressWarnings("SystemConsoleNull") // since JDK 25 it is null again where no terminal is
    static SecretInput ofProcess(Terminal terminal) {
        Console console = System.console();
        return new SecretInput(terminal, console != null && console.isTerminal() ? console : null);
    }

    /**
     * The next secret.
     *
     * @param key the sentence that asks for it on a terminal
     * @throws Refusal if there is none
     */
    String ask(String key) throws IOException {
        if (console != null) {
            char[] typed = console.readPassword("%s ", terminal.texts().text(key));
            if (typed != null) {
                return new String(typed);
            }
        } else {
            String line = line();
            if (line != null) {
                return line;
            }
        }
        throw new Refusal(ExitStatus.NO_INPUT, "activate.no-input");
    }

    /** Whether the same is typed again; who does not type is not asked. */
    boolean again(String key, String secret) throws IOException {
        return console == null || ask(key).equals(secret);
    }

    private @Nullable String line() throws IOException {
        StringBuilder line = new StringBuilder();
        int each = lines.read();
        if (each < 0) {
            return null;
        }
        for (; each >= 0 && each != '\n'; each = lines.read()) {
            if (line.length() == CHARACTERS_MAX) {
                throw new Refusal(ExitStatus.DATA, "activate.bad-password");
            }
            line.append((char) each);
        }
        return line.toString().replaceFirst("\r$", "");
    }
}
