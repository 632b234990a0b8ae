package tg.gouv.messagerie.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tg.gouv.messagerie.deploy.command.ProgramUnderTest;
import tg.gouv.messagerie.deploy.command.ProgramUnderTest.Said;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.postgres.Directories;
import tg.gouv.messagerie.directory.postgres.DirectorySettings;
import tg.gouv.messagerie.directory.provisioning.Person;
import tg.gouv.messagerie.directory.provisioning.PersonName;
import tg.gouv.messagerie.directory.provisioning.Provisioning;
import tg.gouv.messagerie.platform.audit.MemoryTrail;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Sql;

/** What an operator asks of the running program, over its socket, with real mail. */
class OperatorCommandsTest {
    @TempDir
    private static Path folder;

    private static ProgramUnderTest program;
    private static Connections mail;
    private static Connections audit;

    @BeforeAll
    static void start() throws Exception {
        program = new ProgramUnderTest(new ProgramAssembly(), folder, "");
        mail = program.database().connections("test-mail", "mail", 1);
        audit = program.database().connections("test-audit", "platform", 1);
        try (Directories directories = Directories.open(
                program.database(),
                DirectorySettings.byDefault(),
                folder.resolve("data"),
                new MemoryTrail(),
                (_, _) -> {},
                Clock.systemUTC(),
                new SecureRandom())) {
            Provisioning provisioning = directories.provisioning();
            provisioning.domain("gouv.tg");
            for (String name : List.of("ama", "kofi")) {
                provisioning.person(new Person(
                        Optional.empty(),
                        new PersonName("Afi", name),
                        MailAddress.of(name + "@gouv.tg"),
                        Locale.FRENCH,
                        Optional.empty()));
            }
        }
    }

    @AfterAll
    static void stop() throws Exception {
        program.close();
    }

    @Test
    void holdsShowsAndDeletesMailAndTheTrailTellsIt() throws Exception {
        sql(mail, "alter table queue_mail alter column held_since set default now()");
        send("<yawa@example.org>", "ama@gouv.tg", "kofi@gouv.tg");
        sql(mail, "alter table queue_mail alter column held_since drop default");

        Said list = program.run("queue", "list", "--state", "held", "--sender", "yawa@example.org");
        assertThat(list.code()).isZero();
        assertThat(list.out()).contains("retenu", "yawa@example.org → ama@gouv.tg, kofi@gouv.tg");
        String id = found("^(\\S+)", list.out());
        Said shown = program.run("queue", "show", id);
        assertThat(shown.out())
                .contains("file delivery", "Expéditeur : yawa@example.org", "Destinataires qui ne l'ont pas encore : 2")
                .doesNotContain("secret");
        assertThat(program.run("queue", "list", "--json").out())
                .contains("\"id\":\"" + id + "\"", "\"state\":\"HELD\"");

        Said unreasoned = program.run("queue", "delete", id);
        assertThat(unreasoned.code()).isEqualTo(64);
        assertThat(unreasoned.err()).contains("--reason");
        Said deleted = program.run("queue", "delete", id, "--reason", "hameçonnage");
        assertThat(deleted.code()).as(deleted.err()).isZero();
        assertThat(deleted.out()).contains("Fait pour 1 message(s).");
        assertThat(program.run("queue", "show", id).code()).isEqualTo(66);
        assertThat(trail())
                .contains(
                        "queue-delete system-user:" + System.getProperty("user.name") + " message:" + id
                                + " reason:hameçonnage",
                        "look-queue system-user:" + System.getProperty("user.name") + " question:id=" + id + " ");
    }

    @Test
    void wantsToKnowWhichMessages() {
        assertThat(program.run("queue", "hold", "--reason", "x").code()).isEqualTo(64);
        assertThat(program.run("queue", "hold", "--all", "--sender", "a@b", "--reason", "x")
                        .code())
                .isEqualTo(64);
        assertThat(program.run("queue", "hold", "--all", "--reason", " ").code())
                .isEqualTo(64);
        assertThat(program.run("queue", "list", "--state", "lost").err()).contains("worked-on");
        assertThat(program.run("queue", "list", "--older-than", "5 minutes").code())
                .isEqualTo(64);
        assertThat(program.run("queue", "release", "--all", "--reason", "rien").out())
                .contains("Fait pour 0");
    }

    @Test
    void tracesAMessageFromItsDoorToEachMailbox() throws Exception {
        assertThat(send("<edem@example.org>", "ama@gouv.tg", "kofi@gouv.tg")).startsWith("250");
        Said traced = program.run("trace", "--sender", "edem@example.org");
        for (int tries = 0; tries < 200 && !traced.out().contains("kofi@gouv.tg (inbox)"); tries++) {
            Thread.sleep(50);
            traced = program.run("trace", "--sender", "edem@example.org");
        }

        assertThat(traced.code()).isZero();
        assertThat(traced.out())
                .contains("Message-ID <trace-moi@example.org>", "port 25", "127.0.0.1")
                .contains("edem@example.org → ama@gouv.tg, kofi@gouv.tg")
                .contains("remis", "ama@gouv.tg (inbox)", "kofi@gouv.tg (inbox)")
                .doesNotContain("secret");
        String id = found("^Message (\\S+)", traced.out());
        assertThat(program.run("trace", id).out()).contains("kofi@gouv.tg (inbox)");
        assertThat(program.run("trace", "trace-moi@example.org").out()).contains(id);
        assertThat(program.run("trace", "--recipient", "kofi@gouv.tg", "--since", "1h", "--json")
                        .out())
                .contains("\"id\":\"" + id + "\"");
        assertThat(program.run("trace", UUID.randomUUID().toString()).code()).isEqualTo(66);
        assertThat(program.run("trace").code()).isEqualTo(64);
        assertThat(trail())
                .anyMatch(row -> row.startsWith("look-trace system-user:" + System.getProperty("user.name"))
                        && row.contains("sender=edem@example.org"));
        assertThat(mail.<Long, RuntimeException>autoCommit(c -> Sql.first(
                                c,
                                row -> row.getLong(1),
                                "select count(*) from trace_outcome where queue_id = ?",
                                UUID.fromString(id))
                        .orElseThrow()))
                .isEqualTo(2);
    }

    @Test
    void tracesWhatAnOperatorDeleted() throws Exception {
        sql(mail, "alter table queue_mail alter column held_since set default now()");
        send("<abla@example.org>", "ama@gouv.tg");
        sql(mail, "alter table queue_mail alter column held_since drop default");
        program.run("queue", "delete", "--sender", "abla@example.org", "--reason", "faux");

        assertThat(program.run("trace", "--sender", "abla@example.org").out())
                .contains("supprimé par un exploitant")
                .contains("(faux)");
    }

    @Test
    void statusSaysInAWordWhetherMailFlowsAndThenWhatToLookAt() throws Exception {
        Said well = program.run("status", "--wait", "30s");
        assertThat(well.out())
                .startsWith("OUI · Le courriel circule.")
                .contains("Place libre, données", "Certificat valable encore", "Attente du plus ancien");
        assertThat(well.code()).isZero();
        assertThat(program.run("status", "--json").out()).contains("\"word\":\"FLOWS\"", "\"CERTIFICATE_DAYS\":");

        sql(
                mail,
                "insert into queue_mail(id, queue, priority, due, enqueued, name, recipients, attributes,"
                        + " recipient_headers, has_message, header, size_bytes) values (gen_random_uuid(), 'ancien', 5, now(),"
                        + " now() - interval '1 hour', 'ancien', '{}', '{}', '[]', false, '', 0)");
        try {
            Said bad = program.run("status");
            assertThat(bad.code()).isEqualTo(1);
            assertThat(bad.out()).startsWith("MAL ·").contains("À regarder : Attente du plus ancien : 3");
        } finally {
            sql(mail, "delete from queue_mail where queue = 'ancien'");
        }
    }

    @Test
    void everyMetricThatAnAlarmNamesIsShown() throws Exception {
        String rules = Files.readString(Path.of("alarms/messagerie.rules.yml"));
        String port = found("administration (\\d+)", program.run("status").out());
        String shown;
        try (HttpClient client = HttpClient.newHttpClient()) {
            shown = client.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        }

        Matcher expressions = Pattern.compile("expr: (.*)").matcher(rules);
        int seen = 0;
        while (expressions.find()) {
            Matcher names = Pattern.compile("\\b[a-z]+(_[a-z]+)+\\b").matcher(expressions.group(1));
            while (names.find()) {
                assertThat(shown).containsPattern("(?m)^" + names.group() + "[ {]");
                seen++;
            }
        }
        assertThat(seen).isGreaterThan(10);
    }

    private static List<String> trail() {
        String columns = "select act || ' ' || actor || ' ' || subject || ' ' || coalesce(counterpart, '') from ";
        return audit.<List<String>, RuntimeException>autoCommit(c ->
                Sql.query(c, row -> row.getString(1), columns + "audit_pending union all " + columns + "audit_event"));
    }

    private static void sql(Connections connections, String sql) {
        connections.<Integer, RuntimeException>autoCommit(c -> Sql.update(c, sql));
    }

    static String found(String regex, String text) {
        Matcher matcher = Pattern.compile(regex, Pattern.MULTILINE).matcher(text);
        assertThat(matcher.find()).as(text).isTrue();
        return matcher.group(1);
    }

    /** Hands a message in on port 25; returns what the server said at its end. */
    private static String send(String sender, String... recipients) throws IOException {
        int port =
                Integer.parseInt(found("\\bsmtp (\\d+)", program.run("status").out()));
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
                BufferedReader in =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))) {
            socket.setSoTimeout(20_000);
            in.readLine();
            say(socket, in, "HELO client");
            say(socket, in, "MAIL FROM:" + sender);
            for (String recipient : recipients) {
                say(socket, in, "RCPT TO:<" + recipient + ">");
            }
            say(socket, in, "DATA");
            return say(
                    socket,
                    in,
                    "From: " + sender
                            + "\r\nMessage-ID: <trace-moi@example.org>\r\nSubject: secret\r\n\r\nsecret\r\n.");
        }
    }

    private static String say(Socket socket, BufferedReader in, String line) throws IOException {
        socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
        String answer = in.readLine();
        assertThat(answer).as(line).matches("[23].*");
        return answer;
    }
}
