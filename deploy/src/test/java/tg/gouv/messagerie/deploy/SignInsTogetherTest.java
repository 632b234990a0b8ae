package tg.gouv.messagerie.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static tg.gouv.messagerie.deploy.TestProgram.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tg.gouv.messagerie.directory.Account;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.activation.ActivationCodes;
import tg.gouv.messagerie.directory.imports.Imports;
import tg.gouv.messagerie.directory.imports.Mapping;
import tg.gouv.messagerie.directory.imports.Problem;
import tg.gouv.messagerie.directory.postgres.Directories;
import tg.gouv.messagerie.directory.postgres.DirectorySettings;
import tg.gouv.messagerie.directory.provisioning.Entity;
import tg.gouv.messagerie.directory.provisioning.Person;
import tg.gouv.messagerie.directory.provisioning.PersonName;
import tg.gouv.messagerie.directory.signin.DevicePasswords.Issued;
import tg.gouv.messagerie.directory.signin.SignIns.Protocol;
import tg.gouv.messagerie.platform.audit.MemoryTrail;
import tg.gouv.messagerie.platform.settings.Secret;
import tg.gouv.messagerie.platform.tls.TrustedAuthorities;

/** One way to sign in, through every door of the whole program at once, from two networks. */
class SignInsTogetherTest {
    private static final Duration WITHIN = Duration.ofSeconds(5);

    /** Two networks of this machine: an IPv4 address counts as its /24. */
    private static final String OFFICE = "127.0.0.1";

    private static final String ELSEWHERE = "127.0.9.1";
    private static final String SECRET = "la pirogue revient au soir";

    @TempDir
    private static Path folder;

    private static TestProgram running;
    private static Program program;
    private static Directories node;

    @BeforeAll
    static void start() throws Exception {
        running = new TestProgram(folder);
        program = running.program();
        node = Directories.open(
                running.database(),
                DirectorySettings.byDefault(),
                folder.resolve("data"),
                new MemoryTrail(),
                (_, _) -> {},
                Clock.systemUTC(),
                new SecureRandom());
        program.provisioning().domain("gouv.tg");
        program.provisioning().entity(new Entity(new EntityCode("sante"), "Santé", Optional.empty()));
    }

    @AfterAll
    static void stop() {
        node.close();
        running.close();
    }

    private static AccountId person(String given) {
        AccountId account = program.provisioning()
                .person(new Person(
                        Optional.empty(),
                        new PersonName(given, "Agbo"),
                        MailAddress.of(given + "@gouv.tg"),
                        Locale.FRENCH,
                        Optional.of(new EntityCode("sante"))));
        program.provisioning().state(account, Account.State.ACTIVE);
        program.provisioning().password(account, new Secret(SECRET));
        return account;
    }

    private static String plain(String login, String secret) {
        return Base64.getEncoder().encodeToString(("\0" + login + "\0" + secret).getBytes(UTF_8));
    }

    private static String imap(String login, String secret, String from) throws IOException {
        try (LineClient client = LineClient.imap(program, from)) {
            return client.say("a LOGIN " + login + " \"" + secret + "\"");
        }
    }

    private static String smtp(String login, String secret, String from) throws IOException {
        try (LineClient client = LineClient.submission(program, from)) {
            return client.say("AUTH PLAIN " + plain(login, secret));
        }
    }

    /** The result code of a simple bind. RFC 4511 section 4.2 */
    private static int ldap(String login, String secret, String from) throws IOException {
        Socket plain = new Socket();
        plain.bind(new InetSocketAddress(InetAddress.ofLiteral(from), 0));
        plain.connect(new InetSocketAddress(
                InetAddress.getLoopbackAddress(), program.ports().getOrDefault("ldaps", 0)));
        try (SSLSocket socket =
                (SSLSocket) trust().getSocketFactory().createSocket(plain, "localhost", plain.getPort(), true)) {
            socket.setSoTimeout(20_000);
            byte[] bind = ber(
                    0x60,
                    join(
                            ber(0x02, new byte[] {3}),
                            ber(0x04, login.getBytes(UTF_8)),
                            ber(0x80, secret.getBytes(UTF_8))));
            socket.getOutputStream().write(ber(0x30, join(ber(0x02, new byte[] {1}), bind)));
            socket.getOutputStream().flush();
            InputStream in = socket.getInputStream();
            in.readNBytes(1); // SEQUENCE
            byte[] answer = in.readNBytes(in.read());
            assertThat(answer[3]).isEqualTo((byte) 0x61);
            return answer[7];
        }
    }

    private static byte[] ber(int tag, byte[] content) {
        return join(new byte[] {(byte) tag, (byte) content.length}, content);
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] each : parts) {
            all.writeBytes(each);
        }
        return all.toByteArray();
    }

    private static SSLContext trust() {
        return TrustedAuthorities.context(Optional.of(program.authority()), "test");
    }

    private static HttpClient https(String from) {
        return HttpClient.newBuilder()
                .sslContext(trust())
                .localAddress(InetAddress.ofLiteral(from))
                .build();
    }

    private static URI url(String path) {
        return URI.create("https://localhost:" + program.ports().get("https") + path);
    }

    @Test
    void whoGuessesThroughEveryDoorIsSlowedDownAndTheOwnerElsewhereIsNotAndReadsOfIt() throws Exception {
        person("ama");
        for (int i = 0; i < 2; i++) {
            assertThat(imap("ama@gouv.tg", "imap " + i, OFFICE))
                    .startsWith("a NO [AUTHENTICATIONFAILED]")
                    .endsWith("(aide E01)");
            assertThat(smtp("ama@gouv.tg", "smtp " + i, OFFICE))
                    .startsWith("535")
                    .endsWith("(aide E01)");
            assertThat(ldap("ama@gouv.tg", "ldap " + i, OFFICE)).isEqualTo(49);
        }
        assertThat(imap("ama@gouv.tg", SECRET, OFFICE))
                .startsWith("a NO [UNAVAILABLE]")
                .endsWith("(aide E02)");
        assertThat(smtp("ama@gouv.tg", SECRET, OFFICE)).startsWith("454").endsWith("(aide E02)");
        assertThat(ldap("ama@gouv.tg", SECRET, OFFICE)).isEqualTo(51);
        assertThat(imap("ama@gouv.tg", SECRET, ELSEWHERE)).startsWith("a OK");
        assertThat(smtp("ama@gouv.tg", SECRET, ELSEWHERE)).startsWith("235");
        assertThat(ldap("ama@gouv.tg", SECRET, ELSEWHERE)).isZero();

        String token = ask(HttpRequest.newBuilder(url("/api/v1/tokens"))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(
                                "{\"login\":\"ama@gouv.tg\",\"password\":\"" + SECRET + "\"}")))
                .path("token")
                .textValue();
        List<String> told = new ArrayList<>();
        await("the trail", () -> {
            told.clear();
            JsonNode page =
                    ask(HttpRequest.newBuilder(url("/api/v1/me/access")).header("Authorization", "Bearer " + token));
            page.path("items").forEach(item -> told.add(item.path("fr").textValue()));
            return told.containsAll(List.of(
                    "Une ouverture de session a été refusée (imap, 127.0.0.0/24).",
                    "Une ouverture de session a été refusée (smtp, 127.0.0.0/24).",
                    "Une ouverture de session a été refusée (ldap, 127.0.0.0/24).",
                    "Des ouvertures de session ont été ralenties (imap, 127.0.0.0/24).",
                    "Le titulaire (vous) a ouvert une session (imap, 127.0.9.0/24)."));
        });
    }

    private static JsonNode ask(HttpRequest.Builder request) {
        try (HttpClient client = https(ELSEWHERE)) {
            return new ObjectMapper()
                    .readTree(client.send(request.build(), BodyHandlers.ofString())
                            .body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whatADevicePasswordOpenedByManageSieveAndJmapEndsWithIt() throws Exception {
        AccountId account = person("yawa");
        Issued phone = node.devicePasswords()
                .issue(account, "Téléphone", Set.of(Protocol.MANAGESIEVE, Protocol.JMAP), Optional.empty());
        String secret = phone.password().reveal();
        try (LineClient sieve = LineClient.sieve(program, OFFICE);
                HttpClient client = https(OFFICE)) {
            assertThat(sieve.say("AUTHENTICATE \"PLAIN\" \"" + plain("yawa@gouv.tg", secret) + "\""))
                    .isEqualTo("OK");
            InputStream events = client.send(
                            HttpRequest.newBuilder(url("/eventSource?types=*&closeAfter=no&ping=0"))
                                    .header(
                                            "Authorization",
                                            "Basic "
                                                    + Base64.getEncoder()
                                                            .encodeToString(("yawa@gouv.tg:" + secret).getBytes(UTF_8)))
                                    .build(),
                            BodyHandlers.ofInputStream())
                    .body();
            assertThat(program.sessions().of(account)).hasSize(2);

            Instant revoked = Instant.now();
            assertThat(node.devicePasswords().revoke(account, phone.id())).isTrue();
            assertThat(sieve.hear()).isEmpty();
            assertThat(ended(events)).isTrue();
            assertThat(Duration.between(revoked, Instant.now())).isLessThan(WITHIN);
        }
    }

    private static boolean ended(InputStream events) {
        try {
            events.readAllBytes();
        } catch (IOException _) {
            return true; // cut off, as a stream without an end of its own is
        }
        return true;
    }

    @Test
    void whoWasImportedAndGaveTheAccountAPasswordSignsInEverywhere() throws Exception {
        String file = "matricule;prenoms;nom;entite;adresse\nS-0001;Kossiwa;Lawson;sante;kossiwa.lawson@gouv.tg\n";
        Imports.Report report = program.imports()
                .run(
                        new Imports.Order("agents.csv", Mapping.none(), false, false, false, Locale.FRENCH),
                        new ByteArrayInputStream(file.getBytes(UTF_8)),
                        new Unwatched());
        assertThat(report.made()).isOne();
        assertThat(imap("kossiwa.lawson@gouv.tg", SECRET, OFFICE)).startsWith("a NO [AUTHENTICATIONFAILED]");

        Secret code = program.activationCodes()
                .issue(MailAddress.of("kossiwa.lawson@gouv.tg"), false)
                .code();
        assertThat(program.activationCodes()
                        .activate("kossiwa.lawson@gouv.tg", code, new Secret(SECRET), InetAddress.ofLiteral(OFFICE)))
                .isInstanceOf(ActivationCodes.Activated.Done.class);

        assertThat(imap("kossiwa.lawson@gouv.tg", SECRET, OFFICE)).startsWith("a OK");
        assertThat(smtp("kossiwa.lawson@gouv.tg", SECRET, OFFICE)).startsWith("235");
        assertThat(ldap("kossiwa.lawson@gouv.tg", SECRET, OFFICE)).isZero();
    }

    /** Nobody watches. */
    private static final class Unwatched implements Imports.Watch {
        @Override
        public void at(long done, long of) {}

        @Override
        public void change(String sentence) {}

        @Override
        public void problem(Problem problem, String sentence) {
            throw new AssertionError(sentence);
        }

        @Override
        public void refused(String line) {
            throw new AssertionError(line);
        }
    }
}
