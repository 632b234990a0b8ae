package tg.gouv.messagerie.platform.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tg.gouv.messagerie.platform.tls.TestAuthority.Request;

class GivenIdentityTest {
    private final TestAuthority root = TestAuthority.root("Authority of the State");
    private final TestAuthority intermediate = root.intermediate("Authority for servers");
    private final Credential server = intermediate.server(Request.usual());

    @TempDir
    Path folder;

    private Path certificate;
    private Path key;

    @BeforeEach
    void write() throws IOException {
        certificate = folder.resolve("mail.pem");
        key = folder.resolve("mail.key");
        write(server);
    }

    @ParameterizedTest
    @CsvSource({"EC,256", "EC,384", "RSA,2048"})
    void showsTheCertificateOfTheFiles(String algorithm, int bits) throws IOException {
        Credential given = intermediate.server(Request.usual().keyed(algorithm, bits));
        write(given);
        try (TlsIdentity identity = open(Duration.ofHours(1))) {
            assertThat(shown(identity)).isEqualTo(given.certificate());
            assertThat(identity.expires()).isEqualTo(given.expires());
            assertThat(identity.certificateChain()).isEqualTo(certificate);
            assertThat(PemFiles.chain(identity.authority())).containsExactly(root.certificate());
            assertThat(identity.isWell()).isTrue();
        }
    }

    @Test
    void takesUpRenewedFilesAndTellsThoseWhoCached() throws IOException {
        AtomicInteger told = new AtomicInteger();
        try (TlsIdentity identity = open(Duration.ofHours(1))) {
            identity.onReload(() -> {
                throw new IllegalStateException("a callee that fails must not stop the others");
            });
            identity.onReload(told::incrementAndGet);
            identity.reload();
            assertThat(told).as("nothing changed").hasValue(0);

            Credential renewed = intermediate.server(Request.usual());
            write(renewed);
            identity.reload();

            assertThat(shown(identity)).isEqualTo(renewed.certificate());
            assertThat(told).hasValue(1);
        }
    }

    @Test
    void looksAtTheFilesByItself() throws Exception {
        CountDownLatch reloaded = new CountDownLatch(1);
        try (TlsIdentity identity = open(Duration.ofSeconds(1))) {
            identity.onReload(reloaded::countDown);
            write(intermediate.server(Request.usual()));
            assertThat(reloaded.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void keepsTheOldIdentityWhileTheNewFilesAreBad() throws IOException {
        try (TlsIdentity identity = open(Duration.ofHours(1))) {
            Credential renewed = intermediate.server(Request.usual());
            TestAuthority.writeKey(key, renewed.key()); // the certificate is not there yet
            identity.reload();
            assertThat(identity.isWell()).isFalse();
            assertThat(shown(identity)).isEqualTo(server.certificate());

            write(renewed);
            identity.reload();
            assertThat(identity.isWell()).isTrue();
            assertThat(shown(identity)).isEqualTo(renewed.certificate());
        }
    }

    @Test
    void refusesAKeyThatIsNotTheCertificates() throws IOException {
        TestAuthority.writeKey(key, intermediate.server(Request.usual()).key());
        refused("The key in " + key + " is not the key of the certificate in " + certificate);
    }

    @Test
    void refusesAChainInTheWrongOrder() throws IOException {
        TestAuthority.writeChain(certificate, intermediate.certificate(), server.certificate());
        refused("The first certificate in " + certificate + " is not the server's: put CN=mail.gouv.tg first");
        TestAuthority.writeChain(certificate, server.certificate(), root.certificate(), intermediate.certificate());
        refused("In " + certificate + ", certificate 2 (CN=Authority of the State) did not sign the one before it");
    }

    @Test
    void refusesACertificateThatEndedOrHasNotBegun() throws IOException {
        Instant now = Instant.now();
        write(intermediate.server(Request.usual().valid(now.minus(Duration.ofDays(9)), now.minus(Duration.ofDays(1)))));
        refused("The certificate CN=mail.gouv.tg in " + certificate + " ended on ");
        write(intermediate.server(Request.usual().valid(now.plus(Duration.ofDays(1)), now.plus(Duration.ofDays(9)))));
        refused("The certificate CN=mail.gouv.tg in " + certificate + " begins on ");
    }

    @Test
    void refusesAWeakKeyAnotherPurposeAndAnUnknownAlgorithm() throws IOException {
        write(intermediate.server(Request.usual().keyed("RSA", 1024)));
        refused("The RSA key in " + key + " has 1024 bits");
        write(intermediate.server(Request.usual().purposed(KeyPurposeId.id_kp_emailProtection)));
        refused("The certificate in " + certificate + " is not for a server");
        write(intermediate.server(Request.usual().keyed("Ed25519", 0)));
        refused("The key in " + key + " is neither RSA nor EC");
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA PRIVATE KEY", "EC PRIVATE KEY", "ENCRYPTED PRIVATE KEY"})
    void saysHowToConvertAKeyOfAnotherForm(String label) throws IOException {
        Files.writeString(key, Pem.of(label, new byte[] {1, 2, 3}).text());
        refused("The key file " + key + " is \"" + label
                + "\", it must be PKCS#8 without a password: run \"openssl pkcs8" + " -topk8 -nocrypt -in " + key);
    }

    @Test
    void refusesAKeyThatEverybodyMayRead() throws IOException {
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
        refused("Every user of this machine may read the key " + key + ": run \"chmod o-rwx");
    }

    @Test
    void refusesFilesThatAreMissingEmptyOrDamaged() throws IOException {
        Files.writeString(certificate, "nothing");
        refused("The certificate file " + certificate + " holds no -----BEGIN CERTIFICATE-----");
        Files.writeString(
                certificate, Pem.of(Pem.CERTIFICATE, new byte[] {48, 3, 1}).text());
        refused("A certificate in " + certificate + " is damaged");
        Files.delete(certificate);
        refused("The file " + certificate + " does not exist: correct tls.certificate");
        write(server);
        Files.writeString(key, Pem.of(Pem.PRIVATE_KEY, new byte[] {48, 3, 1}).text());
        refused("The key file " + key + " is damaged");
        Files.writeString(key, "");
        refused("The key file " + key + " holds 0 private keys");
    }

    private void refused(String sentence) {
        assertThatThrownBy(() -> open(Duration.ofHours(1)).close())
                .isInstanceOf(TlsRefused.class)
                .hasMessageStartingWith(sentence);
    }

    private X509Certificate shown(TlsIdentity identity) throws IOException {
        return Handshake.with(identity.serverContext(), root.certificate(), "mail.gouv.tg")
                .shown();
    }

    private void write(Credential credential) throws IOException {
        TestAuthority.writeChain(certificate, credential.certificate(), intermediate.certificate(), root.certificate());
        TestAuthority.writeKey(key, credential.key());
    }

    private TlsIdentity open(Duration interval) {
        return TlsIdentities.open(
                new TlsSettings(Optional.of(certificate), Optional.of(key), List.of(), interval),
                folder.resolve("data"),
                Clock.systemUTC(),
                new SecureRandom());
    }
}
