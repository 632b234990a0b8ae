package tg.gouv.messagerie.mail.james;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** A client of IMAP that believes what it is told. */
final class ImapClient implements AutoCloseable {
    private final Client client;
    private int tags;

    /** Signs in. */
    ImapClient(MailServer server, String person) throws IOException {
        client = new Client(Objects.requireNonNull(server.ports().get("imaps")), true);
        client.line();
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
        String tag = "t" + ++tags;
        byte[] message = ("Subject: " + subject + "\r\n\r\n" + subject + "\r\n").getBytes(StandardCharsets.US_ASCII);
        client.send(tag + " APPEND " + mailbox + " (" + flags + ") {" + message.length + "+}");
        client.send(message);
        client.send("");
        return until(tag);
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
