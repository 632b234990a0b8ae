package tg.gouv.messagerie.mail.transfer.outgoing;

import static org.assertj.core.api.Assertions.assertThat;
import static tg.gouv.messagerie.mail.transfer.outgoing.TransferUnderTest.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tg.gouv.messagerie.mail.postgres.OutgoingUnderTest;
import tg.gouv.messagerie.mail.transfer.outgoing.OutgoingSettings.Encryption;
import tg.gouv.messagerie.mail.transfer.outgoing.TransferUnderTest.Relay;
import tg.gouv.messagerie.platform.settings.Endpoint;
import tg.gouv.messagerie.platform.settings.Secret;
import tg.gouv.messagerie.platform.tls.TlsIdentities;
import tg.gouv.messagerie.platform.tls.TlsIdentity;
import tg.gouv.messagerie.platform.tls.TlsSettings;

/** When a conversation is encrypted, whom it believes, and who may sign in (RFC 3207, RFC 7435, RFC 8314, RFC 4954). */
class EncryptionTest {
    private static final String MESSAGE = "Subject: vers dehors\r\n\r\nBonjour.\r\n";
    private static final String RELAY = "relais.gouv.test";
    private static final String SECRET = "clef du relais";

    @TempDir
    private static Path folder;

    private static TlsIdentity theirs;
    private static TlsIdentity strangers;

    private final TestInternet internet = new TestInternet();
    private final List<AutoCloseable> open = new ArrayList<>();

    @BeforeAll
    static void certify() {
        theirs = identity("theirs");
        strangers = identity("strangers");
    }

    @AfterAll
    static void forget() {
        theirs.close();
        strangers.close();
    }

    private static TlsIdentity identity(String name) {
        return TlsIdentities.open(
                new TlsSettings(Optional.empty(), Optional.empty(), List.of(RELAY), Duration.ofMinutes(1)),
                folder.resolve(name),
                Clock.systemUTC(),
                new SecureRandom());
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable each : open.reversed()) {
            each.close();
        }
    }

    private PeerServer peer(String address, @Nullable SSLContext tls, boolean fromStart, String... extensions)
            throws Exception {
        PeerServer peer = new PeerServer(List.of(extensions), tls, fromStart);
        open.add(peer);
        internet.behind(address, peer);
        return peer;
    }

    private TransferUnderTest running(OutgoingSettings settings) {
        TransferUnderTest running =
                new TransferUnderTest(internet, settings, TransferUnderTest.patience(Duration.ofSeconds(5)));
        open.add(running);
        return running;
    }

    private static OutgoingSettings relayed(int port, boolean signsIn, Path authority) {
        return TransferUnderTest.with(
                Optional.of(new Relay(
                        new Endpoint(RELAY, port),
                        signsIn ? Optional.of("messagerie") : Optional.empty(),
                        signsIn ? Optional.of(new Secret(SECRET)) : Optional.empty(),
                        Optional.of(authority))),
                Encryption.OPPORTUNISTIC);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void whatIsOfferedIsUsedWhoeverItIs() throws Exception {
        PeerServer peer = peer("198.51.100.1", theirs.serverContext(), false, "STARTTLS", "PIPELINING");
        internet.domain("dehors.test", "10 mx.dehors.test").host("mx.dehors.test", "198.51.100.1");
        TransferUnderTest running = running(TransferUnderTest.settings());
        running.node.send("ama@gouv.test", List.of("kofi@dehors.test"), MESSAGE);
        running.awaitGone();
        assertThat(peer.taken().getFirst().encrypted()).isTrue();
        assertThat(peer.commands())
                .startsWith(
                        "EHLO " + TransferUnderTest.HOST_NAME, "STARTTLS", "TLS EHLO " + TransferUnderTest.HOST_NAME);
    }

    /** Somebody between us adds replies in the clear, after the one to STARTTLS: the client would take them for encrypted ones. */
    @Test
    void whatWasSaidInTheClearIsForgottenOnceItIsEncrypted() throws Exception {
        PeerServer peer = peer("198.51.100.1", theirs.serverContext(), false, "STARTTLS");
        peer.behave((command, _) ->
                command.equals("STARTTLS") ? "220 go ahead\r\n250-injected\r\n250 SIZE 1\r\n550 5.7.1 injected" : null);
        internet.domain("dehors.test", "10 mx.dehors.test").host("mx.dehors.test", "198.51.100.1");
        TransferUnderTest running = running(TransferUnderTest.settings());
        running.node.send("ama@gouv.test", List.of("kofi@dehors.test"), MESSAGE);
        running.awaitGone();
        assertThat(peer.taken()).hasSize(1);
        assertThat(peer.taken().getFirst().encrypted()).isTrue();
        assertThat(OutgoingUnderTest.spooled()).isEmpty();
    }

    @Test
    void aServerThatCannotEncryptAfterAllGetsItInTheClearUnlessItIsDemanded() throws Exception {
        PeerServer broken = peer("198.51.100.1", null, false, "STARTTLS"); // it ends the connection at the handshake
        internet.domain("dehors.test", "10 mx.dehors.test").host("mx.dehors.test", "198.51.100.1");
        TransferUnderTest running = running(TransferUnderTest.settings());
        running.node.send("ama@gouv.test", List.of("kofi@dehors.test"), MESSAGE);
        running.awaitGone();
        assertThat(broken.taken().getFirst().encrypted()).isFalse();
        running.close();

        TransferUnderTest strict = running(TransferUnderTest.with(Optional.empty(), Encryption.REQUIRED));
        PeerServer plain = peer("198.51.100.2", null, false);
        internet.domain("clair.test", "10 mx.clair.test").host("mx.clair.test", "198.51.100.2");
        strict.node.send("ama@gouv.test", List.of("kofi@dehors.test", "esi@clair.test"), MESSAGE);
        await(() -> OutgoingUnderTest.count("outgoing_destination where failures > 1") == 2);
        assertThat(broken.taken()).hasSize(1);
        assertThat(plain.taken()).isEmpty();
        assertThat(OutgoingUnderTest.count("outgoing_recipient where status = '4.7.4'"))
                .isEqualTo(1);
    }

    @Test
    void aRelayTakesEveryDomainAfterSigningIn() throws Exception {
        for (String mechanism : List.of("PLAIN", "LOGIN")) {
            PeerServer relay = peer("10.0.0.1", theirs.serverContext(), false, "STARTTLS", "AUTH " + mechanism);
            relay.behave((command, _) -> command.equals("AUTH LOGIN") || command.equals(base64("messagerie"))
                    ? "334 " + base64("Password:")
                    : command.equals(base64(SECRET)) ? "235 2.7.0 welcome" : null);
            internet.host(RELAY, "10.0.0.1");
            TransferUnderTest running = running(relayed(587, true, theirs.authority()));
            running.node.send("ama@gouv.test", List.of("kofi@dehors.test", "esi@ailleurs.test"), MESSAGE);
            running.awaitGone();
            assertThat(relay.taken().getFirst().to())
                    .containsExactlyInAnyOrder("kofi@dehors.test", "esi@ailleurs.test");
            assertThat(relay.taken().getFirst().encrypted()).isTrue();
            assertThat(relay.commands())
                    .contains("TLS AUTH " + mechanism
                            + (mechanism.equals("PLAIN") ? " " + base64("\0messagerie\0" + SECRET) : ""));
            assertThat(internet.tried()).allMatch(each -> each.equals("10.0.0.1:587"));
            running.close();
        }
    }

    @Test
    void aRelayOnPort465SpeaksTlsFromTheFirstOctet() throws Exception {
        PeerServer relay = peer("10.0.0.1", theirs.serverContext(), true);
        internet.host(RELAY, "10.0.0.1");
        TransferUnderTest running = running(relayed(465, false, theirs.authority()));
        running.node.send("ama@gouv.test", List.of("kofi@dehors.test"), MESSAGE);
        running.awaitGone();
        assertThat(relay.taken().getFirst().encrypted()).isTrue();
    }

    @Test
    void aRelayThatIsSomebodyElseOrSpeaksInTheClearGetsNeitherMailNorSecret() throws Exception {
        PeerServer stranger = peer("10.0.0.1", strangers.serverContext(), false, "STARTTLS", "AUTH PLAIN LOGIN");
        internet.host(RELAY, "10.0.0.1");
        TransferUnderTest running = running(relayed(587, true, theirs.authority()));
        running.node.send("ama@gouv.test", List.of("kofi@dehors.test"), MESSAGE);
        await(() -> OutgoingUnderTest.count("outgoing_destination where domain = '' and failures > 1") == 1);

        PeerServer open = peer("10.0.0.1", null, false, "AUTH PLAIN LOGIN");
        await(() -> open.connections() > 1);
        for (PeerServer each : List.of(stranger, open)) {
            assertThat(each.taken()).isEmpty();
            assertThat(each.commands()).noneMatch(said -> said.contains("AUTH") || said.contains("MAIL"));
        }
        assertThat(OutgoingUnderTest.spooled())
                .as("it is no reason to return mail")
                .isEmpty();
    }

    @Test
    void aSecretThatTheRelayRefusesReturnsNoMail() throws Exception {
        PeerServer relay = peer("10.0.0.1", theirs.serverContext(), false, "STARTTLS", "AUTH PLAIN");
        relay.behave((command, number) -> command.startsWith("AUTH") && number < 3 ? "535 5.7.8 wrong" : null);
        internet.host(RELAY, "10.0.0.1");
        TransferUnderTest running = running(relayed(587, true, theirs.authority()));
        running.node.send("ama@gouv.test", List.of("kofi@dehors.test"), MESSAGE);
        await(() -> OutgoingUnderTest.count("outgoing_recipient where status = '4.7.8'") == 1
                || relay.taken().size() == 1);
        running.awaitGone();
        assertThat(relay.taken()).hasSize(1);
        assertThat(OutgoingUnderTest.spooled()).isEmpty();
    }
}
