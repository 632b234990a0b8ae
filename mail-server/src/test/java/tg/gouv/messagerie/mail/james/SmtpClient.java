package tg.gouv.messagerie.mail.james;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import tg.gouv.messagerie.platform.settings.Secret;

/** A client of SMTP that hands over one message after the other, and tells what it hears. */
final class SmtpClient implements AutoCloseable {
    private final Client client;
    private String signedIn = "235";

    private SmtpClient(MailServer server, String door, String greeting) throws IOException {
        client = new Client(Objects.requireNonNull(server.ports().get(door)), false);
        last();
        say(greeting);
    }

    /** Greets on the door of other servers. */
    SmtpClient(MailServer server) throws IOException {
        this(server, "smtp", "EHLO autre.example.org");
    }

    /** Greets as a relay of this machine. */
    static SmtpClient lmtp(MailServer server) throws IOException {
        return new SmtpClient(server, "lmtp", "LHLO relais");
    }

    /** Signs in with another secret on the door of people. */
    SmtpClient(MailServer server, String person, Secret secret) throws IOException {
        client = new Client(Objects.requireNonNull(server.ports().get("submissions")), true);
        last();
        say("EHLO client");
        signedIn = say("AUTH PLAIN " + TestMail.plain(person, secret.reveal()));
    }

    /** The next line, without asking. */
    String line() throws IOException {
        return Objects.requireNonNull(client.line());
    }

    /** Signs in on the door of people; what is answered if it may not is the answer to its messages. */
    SmtpClient(MailServer server, String person) throws IOException {
        client = new Client(Objects.requireNonNull(server.ports().get("submissions")), true);
        last();
        say("EHLO client");
        signedIn = say("AUTH PLAIN " + TestMail.plain(person, TestMail.SECRET));
    }

    /** The last line of the answer to a command. */
    String say(String command) throws IOException {
        client.send(command);
        return last();
    }

    /** What is answered in the end to a message; the first refusal, if it does not come that far. */
    String send(String from, List<String> to, String subject, int bodyBytes) throws IOException {
        String answer = signedIn.startsWith("235") ? say("MAIL FROM:<" + from + ">") : signedIn;
        for (String recipient : to) {
            answer = answer.startsWith("250") ? say("RCPT TO:<" + recipient + ">") : answer;
        }
        answer = answer.startsWith("250") ? say("DATA") : answer;
        if (!answer.startsWith("354")) {
            return answer;
        }
        client.send(message(from, subject, bodyBytes));
        return say(".");
    }

    /** A message whose body has about so many octets, all of them its own. */
    static byte[] message(String from, String subject, int bodyBytes) {
        StringBuilder text = new StringBuilder("From: <" + from + ">\r\nSubject: " + subject + "\r\n\r\n");
        int end = text.length() + bodyBytes;
        for (int line = 0; text.length() < end; line++) {
            text.append(subject)
                    .append(' ')
                    .append(line)
                    .append(" ".repeat(Math.clamp(end - text.length() - 40, 0, 60)))
                    .append(".\r\n");
        }
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private String last() throws IOException {
        String line = client.line();
        while (line != null && line.length() > 3 && line.charAt(3) == '-') {
            line = client.line();
        }
        return line == null ? "(gone)" : line;
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
