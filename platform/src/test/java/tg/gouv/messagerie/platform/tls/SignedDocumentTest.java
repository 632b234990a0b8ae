package tg.gouv.messagerie.platform.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tg.gouv.messagerie.platform.tls.TestAuthority.Request;

class SignedDocumentTest {
    private static final byte[] CONTENT = "« profil »\n".getBytes(StandardCharsets.UTF_8);

    private final TestAuthority root = TestAuthority.root("Authority of the State");
    private final TestAuthority intermediate = root.intermediate("Authority for servers");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"EC,256", "EC,384", "RSA,2048"})
    void whoHasTheDocumentCanCheckWhoSignedIt(String algorithm, int bits) throws Exception {
        Credential server = intermediate.server(Request.usual().keyed(algorithm, bits));
        CMSSignedData signed = new CMSSignedData(SignedDocument.of(server, CONTENT));

        assertThat((byte[]) signed.getSignedContent().getContent()).isEqualTo(CONTENT);
        assertThat(signed.getCertificates().getMatches(null)).hasSize(2);
        assertThat(signed.getSignerInfos().getSigners()).singleElement().satisfies(signer -> {
            assertThat(verifies(signer, server)).isTrue();
            assertThat(verifies(signer, intermediate.server(Request.usual()))).isFalse();
            assertThat(signer.getDigestAlgOID()).isEqualTo("2.16.840.1.101.3.4.2.1"); // SHA-256
            assertThat(signer.getSignedAttributes()).isNotNull();
        });
    }

    @Test
    void opensslChecksItAgainstThePrivateAuthorityAndRefusesAByteThatChanged() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/openssl")), "openssl");
        try (TlsIdentity identity = TlsIdentities.open(
                new TlsSettings(Optional.empty(), Optional.empty(), List.of("mail.gouv.tg"), Duration.ofMinutes(1)),
                folder,
                Clock.systemUTC(),
                new SecureRandom())) {
            byte[] signed = identity.signed(CONTENT);
            Path file = folder.resolve("signed.der");
            Files.write(file, signed);
            Path out = folder.resolve("content");

            assertThat(openssl(file, out, "-noverify")).isZero();
            assertThat(out).hasBinaryContent(CONTENT);
            assertThat(openssl(
                            file,
                            out,
                            "-purpose",
                            "any",
                            "-CAfile",
                            identity.authority().toString()))
                    .isZero();
            signed[indexOf(signed)] ^= 1;
            Files.write(file, signed);
            assertThat(openssl(file, out, "-noverify")).isNotZero();
        }
    }

    private static boolean verifies(SignerInformation signer, Credential by) throws Exception {
        X509CertificateHolder holder =
                new X509CertificateHolder(by.certificate().getEncoded());
        try {
            return signer.verify(new JcaSimpleSignerInfoVerifierBuilder().build(holder));
        } catch (org.bouncycastle.cms.CMSException | org.bouncycastle.operator.OperatorCreationException e) {
            return false; // another kind of key
        }
    }

    private static int indexOf(byte[] signed) {
        String text = new String(signed, StandardCharsets.ISO_8859_1);
        return text.indexOf("profil");
    }

    private static int openssl(Path signed, Path out, String... more) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                "openssl",
                "cms",
                "-verify",
                "-binary",
                "-inform",
                "DER",
                "-in",
                signed.toString(),
                "-out",
                out.toString());
        builder.command().addAll(List.of(more));
        Process process = builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }
}
