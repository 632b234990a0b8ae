package tg.gouv.messagerie.mail.james;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/*
 * Each variant tries to make two messages of one, to write in another's name, or to pass mail through us; on raw sockets,
 * against the whole server. None may be accepted. Stock James 3.8.1 accepts bare LF as the end of a line and of a message, takes
 * what is pipelined behind STARTTLS, and looks at no From.
 */
/** Injection and smuggling: nothing of it is accepted. */
@Timeout(60)
class SmugglingTest {
    private static TestMail mail;
    private static Map<String, String> cast;

    @BeforeAll
    static void start() {
        mail = new TestMail(TestMail.settings());
        cast = mail.cast();
    }

    @AfterAll
    static void stop() throws IOException {
        mail.close();
    }

    private static String of(String name) {
        return Objects.requireNonNull(cast.get(name), name);
    }

    private static int port(String door) {
        return Objects.requireNonNull(mail.server().ports().get(door), door);
    }

    /** The last line of the reply to what was sent; « gone » at the end of the connection. */
    private static String reply(Client client, String octets) throws IOException {
        try {
            client.send(octets.getBytes(StandardCharsets.ISO_8859_1));
            String line = client.line();
            while (line != null && line.matches("[0-9]{3}-.*")) {
                line = client.line();
            }
            return line == null ? "gone" : line;
        } catch (SocketTimeoutException e) {
            throw new AssertionError("no reply to " + octets, e);
        } catch (IOException e) {
            return "gone";
        }
    }

    private static Client open(String door) throws IOException {
        boolean submits = door.equals("submissions");
        Client client = new Client(port(door), submits);
        client.line();
        assertThat(reply(client, (door.equals("lmtp") ? "LHLO" : "EHLO") + " client\r\n"))
                .startsWith("250");
        if (submits) {
            assertThat(reply(client, "AUTH PLAIN " + of("ama.plain") + "\r\n")).startsWith("235");
        }
        return client;
    }

    private static Client inData(String door) throws IOException {
        Client client = open(door);
        String sender = door.equals("submissions") ? of("ama") : "a@example.org";
        assertThat(reply(client, "MAIL FROM:<" + sender + ">\r\n")).startsWith("250");
        assertThat(reply(client, "RCPT TO:<" + of("kofi") + ">\r\n")).startsWith("250");
        assertThat(reply(client, "DATA\r\n")).startsWith("354");
        return client;
    }

    @Test
    void noMessageEndsWhereAnotherServerWouldSayItGoesOn() throws Exception {
        Map<String, String> ends = new TreeMap<>();
        ends.put("LF.LF", "\n.\n");
        ends.put("LF.CRLF", "\n.\r\n");
        ends.put("CRLF.LF", "\r\n.\n");
        ends.put("CR.CR", "\r.\r");
        ends.put("CR.CRLF", "\r.\r\n");
        ends.put("CRLF.CR", "\r\n.\r");
        ends.put("CRLF NUL .CRLF", "\r\n\0.\r\n");
        ends.put("CRLF.NUL CRLF", "\r\n.\0\r\n");
        ends.put("bare CR", "a\rb");
        ends.put("bare LF", "a\nb");
        ends.put("NUL", "a\0b");
        for (String door : List.of("smtp", "submissions", "lmtp")) {
            String author = door.equals("submissions") ? of("ama") : "a@example.org";
            for (Map.Entry<String, String> end : ends.entrySet()) {
                for (boolean inHeader : new boolean[] {true, false}) {
                    try (Client client = inData(door)) {
                        String header =
                                "From: " + author + "\r\nSubject: un" + (inHeader ? end.getValue() : "") + "\r\n\r\n";
                        String answer = reply(
                                client,
                                header + "texte" + (inHeader ? "" : end.getValue()) + "MAIL FROM:<" + author
                                        + ">\r\nRCPT TO:<" + of("kofi")
                                        + ">\r\nDATA\r\nSubject: deux\r\n\r\nx\r\n.\r\n");
                        assertThat(answer)
                                .as(door + " " + end.getKey() + " " + inHeader)
                                .startsWith("55");
                        assertThat(reply(client, "NOOP\r\n"))
                                .as("one message, one answer")
                                .startsWith("250");
                    }
                }
            }
        }
        nothingArrived();
    }

    @Test
    void whatIsPipelinedBehindStartTlsIsForgotten() throws Exception {
        for (String door : List.of("smtp", "submission")) {
            try (Client client = open(door)) {
                assertThat(reply(
                                client,
                                "STARTTLS\r\nMAIL FROM:<a@example.org>\r\nRCPT TO:<" + of("kofi")
                                        + ">\r\nDATA\r\nSubject: x\r\n\r\nx\r\n.\r\n"))
                        .startsWith("220");
                client.startTls();
                assertThat(reply(client, "RCPT TO:<" + of("kofi") + ">\r\n"))
                        .as(door)
                        .startsWith("5");
            }
        }
        nothingArrived();
    }

    @Test
    void noChunkingIsOfferedAndNoneIsTaken() throws Exception {
        try (Client client = open("smtp")) {
            assertThat(reply(client, "MAIL FROM:<a@example.org>\r\n")).startsWith("250");
            assertThat(reply(client, "RCPT TO:<" + of("kofi") + ">\r\n")).startsWith("250");
            assertThat(reply(client, "BDAT 4 LAST\r\n")).startsWith("50");
        }
        nothingArrived();
    }

    @Test
    void nobodyWritesInAnothersName() throws Exception {
        List<String> headers = List.of(
                "From: " + of("kofi"),
                "From: " + of("ama") + "\r\nFrom: " + of("kofi"),
                "From: " + of("ama") + ", " + of("kofi"),
                "From: " + of("ama") + "\r\nSender: " + of("kofi"),
                "From: " + of("ama") + "\r\nFROM : " + of("kofi"),
                "From: \"" + of("kofi") + "\" <" + of("directeur") + "x>",
                "From: group: " + of("kofi") + ";",
                "Subject: sans auteur");
        for (String header : headers) {
            try (Client client = inData("submissions")) {
                assertThat(reply(client, header + "\r\nSubject: x\r\n\r\nx\r\n.\r\n"))
                        .as(header)
                        .startsWith("550");
            }
            if (header.contains("x>")) {
                continue; // a domain that is not ours: what its people call themselves is theirs
            }
            try (Client client = inData("smtp")) {
                assertThat(reply(client, header + "\r\nSubject: x\r\n\r\nx\r\n.\r\n"))
                        .as("port 25: " + header)
                        .startsWith("550");
            }
        }
        try (Client client = open("submissions")) {
            assertThat(reply(client, "MAIL FROM:<" + of("kofi") + ">\r\n")).startsWith("550");
        }
        for (String sender : List.of(
                of("kofi"), "\"x\"@" + TestMail.DOMAIN, "x@" + TestMail.DOMAIN.toUpperCase(java.util.Locale.ROOT))) {
            try (Client client = open("smtp")) {
                assertThat(reply(client, "MAIL FROM:<" + sender + ">\r\n"))
                        .as(sender)
                        .startsWith("5");
            }
        }
        nothingArrived();
    }

    @Test
    void nothingPassesThroughUs() throws Exception {
        List<String> recipients = List.of(
                "<victime@example.org>",
                "<@" + TestMail.DOMAIN + ":victime@example.org>",
                "<victime%example.org@" + TestMail.DOMAIN + ">",
                "<\"victime@example.org\"@" + TestMail.DOMAIN + ">",
                "<\"victime@example.org\">",
                "<example.org!victime>",
                "<example.org!victime@" + TestMail.DOMAIN + ">",
                "<victime@[192.0.2.1]>",
                "<victime@example.org@" + TestMail.DOMAIN + ">",
                "<victime>",
                "<>");
        for (String door : List.of("smtp", "submissions", "lmtp")) {
            for (String recipient : recipients) {
                try (Client client = open(door)) {
                    String sender = door.equals("submissions") ? of("ama") : "a@example.org";
                    assertThat(reply(client, "MAIL FROM:<" + sender + ">\r\n")).startsWith("250");
                    assertThat(reply(client, "RCPT TO:" + recipient + "\r\n"))
                            .as(door + " " + recipient)
                            .startsWith("5");
                }
            }
        }
    }

    @Test
    void addressesAndParametersBringNoLineOfTheirOwn() throws Exception {
        for (String command : List.of(
                "MAIL FROM:<a@example.org\rRCPT TO:<x>\r\n",
                "MAIL FROM:<a\0@example.org>\r\n",
                "MAIL FROM:<\"a\nb\"@example.org>\r\n",
                "MAIL FROM:<a@example.org> SIZE=1\rX\r\n")) {
            try (Client client = open("smtp")) {
                assertThat(reply(client, command)).as(command).startsWith("5");
            }
        }
        try (Client client = new Client(port("smtp"), false)) {
            client.line();
            reply(client, "EHLO a\rReceived: b\r\n");
            reply(client, "MAIL FROM:<a@example.org>\r\n");
            reply(client, "RCPT TO:<" + of("lectrice") + ">\r\n");
            String answer = reply(client, "DATA\r\n");
            if (answer.startsWith("354")) {
                assertThat(reply(client, "From: a@example.org\r\nSubject: nom\r\n\r\nx\r\n.\r\n"))
                        .startsWith("250");
                String header = header(of("lectrice"));
                assertThat(header.lines().filter(line -> line.startsWith("Received: b")))
                        .isEmpty();
            }
        }
    }

    @Test
    void mailboxNamesBringNoLineOfTheirOwn() throws Exception {
        try (Client client = new Client(port("imaps"), true)) {
            client.line();
            client.send("a LOGIN " + of("ama") + " " + TestMail.SECRET);
            until(client, "a ");
            for (String name : List.of("x\r\n* BYE", "x\ny", "x\ry", "x\0y")) {
                client.send("b CREATE {" + name.length() + "+}");
                client.send(name);
                assertThat(until(client, "b ")).as(name).matches("b (NO|BAD).*");
            }
            client.send("c LIST \"\" *");
            StringBuilder listed = new StringBuilder();
            for (String line = client.line(); line != null && !line.startsWith("c "); line = client.line()) {
                listed.append(line).append('\n');
            }
            assertThat(listed.toString().lines()).allMatch(line -> line.startsWith("* LIST"));
        }
    }

    private static String until(Client client, String start) throws IOException {
        String line = client.line();
        while (line != null && !line.startsWith(start)) {
            line = client.line();
        }
        return String.valueOf(line);
    }

    private static String header(String person) throws Exception {
        try (Client client = new Client(port("imaps"), true)) {
            client.line();
            client.send("a LOGIN " + person + " " + TestMail.SECRET);
            until(client, "a ");
            for (int i = 0; i < 200; i++) {
                client.send("b SELECT INBOX");
                String exists = until(client, "* ");
                while (!exists.matches("\\* \\d+ EXISTS|b .*")) {
                    exists = String.valueOf(client.line());
                }
                until(client, "b ");
                if (!exists.startsWith("* 0 ")) {
                    client.send("c FETCH 1 BODY.PEEK[HEADER]");
                    StringBuilder header = new StringBuilder();
                    for (String line = client.line(); line != null && !line.startsWith("c "); line = client.line()) {
                        header.append(line).append('\n');
                    }
                    return header.toString();
                }
                Thread.sleep(50);
            }
        }
        throw new AssertionError("nothing arrived");
    }

    private static void nothingArrived() throws Exception {
        assertThat(mail.server().queued()).isZero();
        try (Client client = new Client(port("imaps"), true)) {
            client.line();
            client.send("a LOGIN " + of("kofi") + " " + TestMail.SECRET);
            until(client, "a ");
            client.send("b STATUS INBOX (MESSAGES)");
            assertThat(until(client, "* STATUS")).contains("MESSAGES 0");
        }
    }
}
