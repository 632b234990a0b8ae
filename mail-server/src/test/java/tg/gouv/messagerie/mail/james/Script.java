package tg.gouv.messagerie.mail.james;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/*
 * CONNECT <port name> [AS <name>] [TLS]   opens a connection, which the lines below talk on
 * ON <name>                               talks on another one
 * TLS                                     starts TLS on it
 * C: <line>                               the client sends a line; ${name} is a variable, \0 \r \n \xNN octets
 * C~ <octets>                             the same without a line end
 * REPEAT <n> <line>                       the client sends a line n times, with its escapes and no line end
 * S: <regex>                              the server sends a line like this
 * S*: <regex>                             it sends none or several like this
 * S..                                     it sends anything, until a line like that of the next S:
 * POLL <command> => <regex>               asks over IMAP until a line of the answer is like this
 * GONE                                    the server has ended the connection
 */
/** A conversation with a mail server, told line by line in a file. */
final class Script {
    private static final Duration POLL_MAX = Duration.ofSeconds(20);

    private final Path file;
    private final MailServer server;
    private final Map<String, String> variables;
    private final SequencedMap<String, Client> clients = new LinkedHashMap<>();
    private final List<String> heard = new ArrayList<>();
    private @Nullable Client current;
    private @Nullable String pushedBack;
    private int polls;

    Script(Path file, MailServer server, Map<String, String> variables) {
        this.file = file;
        this.server = server;
        this.variables = variables;
    }

    void run() throws IOException, InterruptedException {
        List<String> lines = Files.readAllLines(file);
        try {
            for (int i = 0; i < lines.size(); i++) {
                String next = i + 1 < lines.size() ? lines.get(i + 1) : "";
                try {
                    step(replaced(lines.get(i)), replaced(next));
                } catch (IOException | AssertionError e) {
                    throw new AssertionError(
                            file.getFileName() + " line " + (i + 1) + ": " + lines.get(i) + "\n" + e.getMessage()
                                    + "\nheard:\n  "
                                    + String.join("\n  ", heard.subList(Math.max(0, heard.size() - 15), heard.size())),
                            e);
                }
            }
        } finally {
            for (Client open : clients.values()) {
                open.close();
            }
        }
    }

    private void step(String line, String next) throws IOException, InterruptedException {
        if (line.startsWith("#") || line.isBlank()) {
            return;
        }
        String[] words = line.split(" ", 2);
        String rest = words.length > 1 ? words[1] : "";
        switch (words[0]) {
            case "CONNECT" -> connect(rest);
            case "ON" -> current = clients.get(rest);
            case "TLS" -> client().startTls();
            case "C:" -> client().send(octets(rest + "\\r\\n"));
            case "C~" -> client().send(octets(rest));
            case "REPEAT" -> repeat(rest);
            case "S:" -> expect(rest);
            case "S*:" -> skip(rest);
            case "S.." -> skipUntil(next.substring("S: ".length()));
            case "POLL" -> poll(rest);
            case "GONE" -> gone();
            default -> throw new IllegalArgumentException(file + ": " + line);
        }
    }

    private void connect(String rest) throws IOException {
        String[] words = rest.split(" ", -1);
        String name = rest.contains(" AS ") ? words[2] : words[0];
        Client made = new Client(Objects.requireNonNull(server.ports().get(words[0]), words[0]), rest.endsWith(" TLS"));
        clients.put(name, made);
        current = made;
        pushedBack = null;
    }

    private void repeat(String rest) throws IOException {
        String[] words = rest.split(" ", 2);
        byte[] once = octets(words[1]);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < Integer.parseInt(words[0]); i++) {
            all.writeBytes(once);
        }
        try {
            client().send(all.toByteArray());
        } catch (IOException e) {
            heard.add("(" + e.getMessage() + " while sending)"); // what it said before it left is still to be read
        }
    }

    private Client client() {
        return Objects.requireNonNull(current, "no connection yet");
    }

    private @Nullable String hear() throws IOException {
        if (pushedBack != null) {
            String line = pushedBack;
            pushedBack = null;
            return line;
        }
        String line = client().line();
        heard.add(line == null ? "(gone)" : line);
        return line;
    }

    private void expect(String regex) throws IOException {
        String line = hear();
        if (line == null || !line.matches(regex)) {
            throw new AssertionError("expected " + regex + ", heard " + line);
        }
    }

    private void skip(String regex) throws IOException {
        String line = hear();
        while (line != null && line.matches(regex)) {
            line = hear();
        }
        pushedBack = line;
    }

    private void skipUntil(String regex) throws IOException {
        String line = hear();
        while (line != null && !line.matches(regex)) {
            line = hear();
        }
        pushedBack = line;
    }

    private void poll(String rest) throws IOException, InterruptedException {
        String[] sides = rest.split(" => ", 2);
        Instant end = Instant.now().plus(POLL_MAX);
        while (Instant.now().isBefore(end)) {
            String tag = "p" + ++polls;
            client().send(tag + " " + sides[0]);
            boolean found = false;
            for (String line = hear(); ; line = hear()) {
                if (line == null) {
                    throw new AssertionError("the server is gone");
                }
                found |= line.matches(sides[1]);
                if (line.startsWith(tag + " ")) {
                    break;
                }
            }
            if (found) {
                return;
            }
            Thread.sleep(50);
        }
        throw new AssertionError("never heard " + sides[1]);
    }

    private void gone() throws IOException {
        try {
            String line = hear();
            if (line != null) {
                throw new AssertionError("expected the end, heard " + line);
            }
        } catch (java.net.SocketTimeoutException e) {
            throw new AssertionError("the connection is still open");
        } catch (IOException _) {
            // reset is an end too
        }
    }

    private String replaced(String line) {
        String text = line;
        for (Map.Entry<String, String> variable : variables.entrySet()) {
            text = text.replace("${" + variable.getKey() + "}", variable.getValue());
        }
        return text;
    }

    private static byte[] octets(String text) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '\\' || i + 1 == text.length()) {
                octets.writeBytes(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
                continue;
            }
            char escape = text.charAt(++i);
            switch (escape) {
                case 'r' -> octets.write('\r');
                case 'n' -> octets.write('\n');
                case '0' -> octets.write(0);
                case 'x' -> {
                    octets.write(Integer.parseInt(text.substring(i + 1, i + 3), 16));
                    i += 2;
                }
                default -> {
                    octets.write('\\');
                    octets.write(escape);
                }
            }
        }
        return octets.toByteArray();
    }
}
