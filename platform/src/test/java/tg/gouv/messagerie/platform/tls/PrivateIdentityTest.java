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
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrivateIdentityTest {
    private static final String NAME_CONSTRAINTS = "2.5.29.30";

    @TempDir
    Path data;

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "127.0.0.1", "::1", "mail.gouv.tg", "10.1.2.3"})
    void isAcceptedByAClientThatTrustsItsAuthority(String name) throws IOException {
        try (TlsIdentity identity = open("mail.gouv.tg", "10.1.2.3")) {
            X509Certificate authority = PemFiles.chain(identity.authority()).getFirst();
            assertThat(Handshake.with(identity.serverContext(), authority, name).protocol())
                    .isEqualTo("TLSv1.3");
            assertThat(Handshake.with(identity.serverContext(), authority, name, "TLSv1.2")
                            .protocol())
                    .isEqualTo("TLSv1.2");
        }
    }

    @Test
    void isRefusedUnderAnotherName() {
        try (TlsIdentity identity = open()) {
            X509Certificate authority = PemFiles.chain(identity.authority()).getFirst();
            assertThatThrownBy(() -> Handshake.with(identity.serverContext(), authority, "finances.gouv.tg"))
                    .isInstanceOf(SSLException.class)
                    .hasMessageContaining("finances.gouv.tg");
        }
    }

    @Test
    void speaksNothingOlderThanTls12() {
        try (TlsIdentity identity = open()) {
            assertThat(identity.serverContext()
                            .createSSLEngine()
                            .getSSLParameters()
                            .getProtocols())
                    .containsExactlyInAnyOrder("TLSv1.3", "TLSv1.2");
        }
    }

    @Test
    void hasAnAuthorityThatCanCertifyNothingElse() throws IOException {
        try (TlsIdentity identity = open("mail.gouv.tg")) {
            X509Certificate authority = PemFiles.chain(identity.authority()).getFirst();
            assertThat(authority.getBasicConstraints()).as("path length").isZero();
            assertThat(authority.getKeyUsage())
                    .as("keyCertSign and cRLSign")
                    .containsExactly(false, false, false, false, false, true, true, false, false);
            assertThat(authority.getCriticalExtensionOIDs()).contains(NAME_CONSTRAINTS, "2.5.29.19", "2.5.29.15");
            NameConstraints constraints = NameConstraints.getInstance(
                    ASN1OctetString.getInstance(authority.getExtensionValue(NAME_CONSTRAINTS))
                            .getOctets());
            assertThat(constraints.getPermittedSubtrees())
                    .extracting(it -> it.getBase().getTagNo())
                    .containsOnly(
                            GeneralName.dNSName,
                            GeneralName.iPAddress,
                            GeneralName.rfc822Name,
                            GeneralName.uniformResourceIdentifier);
            assertThat(constraints.getPermittedSubtrees())
                    .filteredOn(it -> it.getBase().getTagNo() == GeneralName.dNSName)
                    .extracting(it -> it.getBase().getName().toString())
                    .containsExactly("mail.gouv.tg", "localhost");
        }
    }

    @Test
    void isValidForLessThanThirteenMonthsAndItsAuthorityALittleLonger() {
        try (TlsIdentity identity = open()) {
            List<X509Certificate> chain = PemFiles.chain(identity.certificateChain());
            X509Certificate server = chain.getFirst();
            Duration valid = Duration.between(
                    server.getNotBefore().toInstant(), server.getNotAfter().toInstant());
            assertThat(valid).isBetween(Duration.ofDays(390), Duration.ofDays(397));
            assertThat(identity.expires()).isEqualTo(server.getNotAfter().toInstant());
            assertThat(chain.getLast().getNotAfter()).isAfter(server.getNotAfter());
        }
    }

    @Test
    void keepsTheKeyForItsOwnerAloneAndTheAuthoritysKeyForNobody() throws Exception {
        try (TlsIdentity identity = open()) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(identity.privateKey())))
                    .isEqualTo("rw-------");
            try (var files = Files.list(data.resolve("tls"))) {
                assertThat(files.map(it -> it.getFileName().toString()))
                        .containsExactlyInAnyOrder("ca.pem", "server.pem", "server.key");
            }
            X509Certificate authority = PemFiles.chain(identity.authority()).getFirst();
            assertThat(Credential.belong(PemFiles.key(identity.privateKey()), authority))
                    .isFalse();
        }
    }

    @Test
    void staysTheSameFromStartToStart() {
        assertThat(shownByAStart("mail.gouv.tg")).isEqualTo(shownByAStart("mail.gouv.tg"));
    }

    @Test
    void isMadeAgainForOtherNames() {
        X509Certificate first = shownByAStart("mail.gouv.tg");
        X509Certificate second = shownByAStart("courrier.gouv.tg");
        assertThat(second).isNotEqualTo(first);
        assertThat(ServerNames.of(List.of("courrier.gouv.tg")).areThoseOf(second))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"server.key", "server.pem", "ca.pem"})
    void isMadeAgainWhenAFileIsDamagedOrMissing(String file) throws IOException {
        X509Certificate first = shownByAStart();
        Files.writeString(
                data.resolve("tls").resolve(file), "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n");
        X509Certificate second = shownByAStart();
        assertThat(second).isNotEqualTo(first);
        Files.delete(data.resolve("tls").resolve(file));
        assertThat(shownByAStart()).isNotEqualTo(second);
    }

    @Test
    void isMadeAgainWhenTheKeyIsAnothersOrEverybodyCouldReadIt() throws IOException {
        X509Certificate first = shownByAStart();
        TestAuthority.writeKey(
                data.resolve("tls/server.key"), TestAuthority.root("other").key());
        X509Certificate second = shownByAStart();
        assertThat(second).isNotEqualTo(first);
        Files.setPosixFilePermissions(data.resolve("tls/server.key"), PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(shownByAStart()).isNotEqualTo(second);
    }

    @Test
    void isMadeAgainTwoWeeksBeforeItEndsAndNotBefore() {
        Instant start = Instant.now();
        X509Certificate first = shownByAStart(at(start));
        Instant ends = first.getNotAfter().toInstant();
        assertThat(shownByAStart(at(ends.minus(Duration.ofDays(15))))).isEqualTo(first);
        X509Certificate second = shownByAStart(at(ends.minus(Duration.ofDays(13))));
        assertThat(second.getNotAfter().toInstant()).isAfter(ends.plus(Duration.ofDays(300)));
    }

    @Test
    void saysWhereItCannotBeWritten() throws IOException {
        Files.writeString(data.resolve("tls"), "a file where the folder should be");
        assertThatThrownBy(this::open)
                .isInstanceOf(TlsRefused.class)
                .hasMessageStartingWith("The private authority cannot be written to " + data.resolve("tls"))
                .hasMessageContaining("tls.certificate");
    }

    private static Clock at(Instant instant) {
        return Clock.fixed(instant, ZoneOffset.UTC);
    }

    private X509Certificate shownByAStart(String... names) {
        return shownByAStart(Clock.systemUTC(), names);
    }

    private X509Certificate shownByAStart(Clock clock, String... names) {
        try (TlsIdentity identity = open(clock, names)) {
            return PemFiles.chain(identity.certificateChain()).getFirst();
        }
    }

    private TlsIdentity open(String... names) {
        return open(Clock.systemUTC(), names);
    }

    private TlsIdentity open(Clock clock, String... names) {
        return TlsIdentities.open(
                new TlsSettings(Optional.empty(), Optional.empty(), List.of(names), Duration.ofHours(1)),
                data,
                clock,
                new SecureRandom());
    }
}
