package tg.gouv.messagerie.mail.james;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** A client of IMAP that believes what it is told. */
final class ImapClient implements AutoCloseable {
    private static final long SEARCHED_MAX_NANOS = 20_000_000_000L;

    private final Client client;
    private int tags;

    private ImapClient(MailServer server) throws IOException {
        client = new Client(Objects.requireNonNull(server.ports().get("imaps")), true);
        client.line();
    }

    /** Nobody yet. */
    static ImapClient greeted(MailServer server) throws IOException {
        return new ImapClient(server);
    }

    /** Signs in with another secret. */
    ImapClient(MailServer server, String person, String secret) throws IOException {
        this(server);
        say("LOGIN " + person + " " + secret);
    }

    /** Signs in. */
    ImapClient(MailServer server, String person) throws IOException {
        this(server);
        say("LOGIN " + person + " " + TestMail.SECRET);
    }

    /** What is answered to a command, its last line included, which must be OK. */
    List<String> say(String command) throws IOException {
        List<String> answer = ask(command);
        if (!answer.getLast().toUpperCase(Locale.ROOT).contains(" OK")) {
            throw new AssertionError(command + ": " + answer);
        }
        return answer;
    }

    /** The same, whatever it is; without the tag. */
    List<String> ask(String command) throws IOException {
        String tag = "t" + ++tags;
        client.send(tag + " " + command);
        return until(tag);
    }

    /** Appends a message with some flags. */
    List<String> append(String mailbox, String subject, String flags) throws IOException {
        return append(
                mailbox,
                ("Subject: " + subject + "\r\n\r\n" + subject + "\r\n").getBytes(StandardCharsets.US_ASCII),
                flags);
    }

    /** Appends these octets with some flags. */
    List<String> append(String mailbox, byte[] message, String flags) throws IOException {
        String tag = "t" + ++tags;
        client.send(tag + " APPEND " + mailbox + " (" + flags + ") {" + message.length + "+}");
        client.send(message);
        client.send("");
        return until(tag);
    }

    /** Appends a message. */
    List<String> append(String mailbox, byte[] message) throws IOException {
        String tag = "t" + ++tags;
        client.send(tag + " APPEND " + mailbox + " {" + message.length + "+}");
        client.send(message);
        client.send("");
        return until(tag);
    }

    /** Searches until so many messages are found. */
    void awaitSearch(String what, int count) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + SEARCHED_MAX_NANOS;
        while (true) {
            List<String> answer = say("UID SEARCH " + what);
            long found = answer.stream()
                    .filter(line -> line.startsWith("* SEARCH"))
                    .mapToLong(line -> line.split(" ").length - 2)
                    .sum();
            if (found == count) {
                return;
            }
            if (System.nanoTime() > deadline) {
                throw new AssertionError("awaited " + count + " with " + what + ", found " + found);
            }
            Thread.sleep(50);
        }
    }

    /** Begins to idle. */
    void idle() throws IOException {
        client.send("i IDLE");
        String line = client.line();
        if (line == null || !line.startsWith("+")) {
            throw new AssertionError("IDLE: " + line);
        }
    }

    /** The next line. */
    String line() throws IOException {
        String line = client.line();
        if (line == null) {
            throw new AssertionError("the server is gone");
        }
        return line;
    }

    /** Whether the server ended the connection. */
    boolean isOver() throws IOException {
        return client.line() == null;
    }

    /** Idles no more; what was told before that was answered. */
    List<String> done() throws IOException {
        client.send("DONE");
        return until("i");
    }

    private List<String> until(String tag) throws IOException {
        List<String> answer = new ArrayList<>();
        String line = line();
        while (!line.startsWith(tag + " ")) {
            answer.add(line);
            line = line();
        }
        answer.add(line);
        return answer;
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
