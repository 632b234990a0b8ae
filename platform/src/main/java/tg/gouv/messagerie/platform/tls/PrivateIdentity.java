package tg.gouv.messagerie.platform.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tg.gouv.messagerie.platform.files.DurableFile;

/** The identity that a private authority certifies: three files in the data directory, made again when they no longer serve. */
final class PrivateIdentity implements IdentitySource {
    private static final Logger LOG = LoggerFactory.getLogger(PrivateIdentity.class);

    /** Clients must be given the new authority: long enough before the old certificate ends to be a working day. */
    private static final Duration RENEWED_BEFORE = Duration.ofDays(14);

    private final Path folder;
    private final ServerNames names;
    private final Clock clock;
    private final SecureRandom random;

    PrivateIdentity(Path folder, ServerNames names, Clock clock, SecureRandom random) {
        this.folder = folder;
        this.names = names;
        this.clock = clock;
        this.random = random;
    }

    @Override
    public Path certificateChain() {
        return folder.resolve("server.pem");
    }

    @Override
    public Path privateKey() {
        return folder.resolve("server.key");
    }

    @Override
    public Path authority() {
        return folder.resolve("ca.pem");
    }

    @Override
    public Credential look() {
        if (!Files.exists(certificateChain()) && !Files.exists(privateKey()) && !Files.exists(authority())) {
            Credential made = make();
            LOG.info("event=private-authority-made authority={} expires={}", authority(), made.expires());
            return made;
        }
        Credential found;
        String reason;
        try {
            found = found();
            Optional<String> objection = objection(found);
            if (objection.isEmpty()) {
                return found;
            }
            reason = objection.get();
        } catch (TlsRefused e) {
            demandRepairable(e);
            reason = e.getMessage();
        }
        Credential made = make();
        LOG.warn(
                "event=private-authority-made-again reason=\"{}\" authority={} expires={} action=\"give clients the new"
                        + " authority\"",
                reason,
                authority(),
                made.expires());
        return made;
    }

    private Credential found() {
        PrivateKey key = PemFiles.key(privateKey());
        List<X509Certificate> chain = PemFiles.chain(certificateChain());
        if (!PemFiles.chain(authority()).equals(List.of(chain.getLast()))) {
            throw new TlsRefused(
                    "The certificate in " + authority() + " is not the authority of " + certificateChain() + ".");
        }
        return new Credential(key, chain);
    }

    /** Why an identity no longer serves. */
    private Optional<String> objection(Credential found) {
        X509Certificate server = found.certificate();
        Instant now = clock.instant();
        try {
            if (!Credential.belong(found.key(), server)) {
                return Optional.of("the key is not the certificate's");
            }
        } catch (GeneralSecurityException e) {
            return Optional.of("the key cannot be used");
        }
        if (found.chain().size() != 2 || !Credential.isSignedBy(server, found.last())) {
            return Optional.of("the authority did not sign the certificate");
        }
        if (!names.areThoseOf(server)) {
            return Optional.of("other names are asked for");
        }
        if (now.isBefore(server.getNotBefore().toInstant())) {
            return Optional.of(
                    "the certificate begins on " + server.getNotBefore().toInstant());
        }
        if (now.plus(RENEWED_BEFORE).isAfter(found.expires())) {
            return Optional.of("the certificate ends on " + found.expires());
        }
        return Optional.empty();
    }

    /** A file that cannot be read for a reason of the machine's, not of its content, must not cost clients their authority. */
    private static void demandRepairable(TlsRefused refusal) {
        if (refusal.getCause() instanceof IOException failure && !(failure instanceof NoSuchFileException)) {
            throw refusal;
        }
    }

    private Credential make() {
        Credential made = PrivateAuthority.issue(names, clock.instant(), random);
        try {
            // A stop between two of these leaves files that do not match: the next look makes them all again.
            DurableFile.write(
                    privateKey(),
                    Pem.of(Pem.PRIVATE_KEY, made.key().getEncoded()).text(),
                    DurableFile.PRIVATE);
            DurableFile.write(certificateChain(), text(made.certificate()) + text(made.last()), DurableFile.PUBLIC);
            DurableFile.write(authority(), text(made.last()), DurableFile.PUBLIC);
        } catch (IOException | CertificateEncodingException e) {
            throw new TlsRefused(
                    "The private authority cannot be written to " + folder + ": " + e.getMessage()
                            + ". Make that folder writable by this program's user, or name a certificate in"
                            + " tls.certificate.",
                    e);
        }
        return made;
    }

    private static String text(X509Certificate certificate) throws CertificateEncodingException {
        return Pem.of(Pem.CERTIFICATE, certificate.getEncoded()).text();
    }
}
