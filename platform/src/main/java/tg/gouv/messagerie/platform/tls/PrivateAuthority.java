package tg.gouv.messagerie.platform.tls;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/*
 * Whoever makes their desktop trust this authority must not thereby trust the mail host for any other site. So its certificate
 * carries critical name constraints, path length 0 and server authentication alone, and its key never leaves issue(): it signs
 * one certificate, in memory, and is forgotten. A new certificate therefore means a new authority.
 */
/** Makes an authority that certifies this server and can certify nothing else, ever. */
final class PrivateAuthority {
    /** Clients' clocks may be late. */
    private static final Duration BACKDATED = Duration.ofDays(1);

    /** CA/Browser Forum baseline requirements: at most 398 days; with the day before, 397. */
    private static final Duration SERVER_VALID = Duration.ofDays(396);

    /** The authority outlives what it signed, so that an expired certificate is the one problem a client names. */
    private static final Duration AUTHORITY_VALID = SERVER_VALID.plusDays(30);

    private static final String CURVE = "secp256r1";
    private static final int SERIAL_BITS = 127;
    private static final int COMMON_NAME_MAX = 64;

    private PrivateAuthority() {}

    /** A new key and certificate for these names, followed by the new authority's certificate. */
    static Credential issue(ServerNames names, Instant now, SecureRandom random) {
        return issue(names, names, now, random);
    }

    /** The same, by an authority limited to the names of {@code permitted}. */
    static Credential issue(ServerNames permitted, ServerNames names, Instant now, SecureRandom random) {
        Instant from = now.minus(BACKDATED).truncatedTo(ChronoUnit.SECONDS);
        KeyPair authorityKeys = keys(random);
        KeyPair serverKeys = keys(random);
        byte[] mark = new byte[4];
        random.nextBytes(mark);
        // A name of its own: clients confuse two authorities that differ by their key alone.
        X500Name authorityName =
                name("Messagerie " + permitted.first() + " " + HexFormat.of().formatHex(mark));
        X500Name serverName = name(names.first());
        try {
            JcaX509ExtensionUtils identifiers = new JcaX509ExtensionUtils();
            JcaX509v3CertificateBuilder authority =
                    builder(authorityName, authorityName, from, AUTHORITY_VALID, authorityKeys, random);
            // RFC 5280 sections 4.2.1.9, 4.2.1.3, 4.2.1.10
            authority.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            authority.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            authority.addExtension(Extension.nameConstraints, true, permitted.constraints());
            authority.addExtension(
                    Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
            authority.addExtension(
                    Extension.subjectKeyIdentifier,
                    false,
                    identifiers.createSubjectKeyIdentifier(authorityKeys.getPublic()));

            JcaX509v3CertificateBuilder server =
                    builder(authorityName, serverName, from, SERVER_VALID, serverKeys, random);
            server.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            server.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
            server.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
            server.addExtension(Extension.subjectAlternativeName, false, names.alternativeNames());
            server.addExtension(
                    Extension.subjectKeyIdentifier,
                    false,
                    identifiers.createSubjectKeyIdentifier(serverKeys.getPublic()));
            server.addExtension(
                    Extension.authorityKeyIdentifier,
                    false,
                    identifiers.createAuthorityKeyIdentifier(authorityKeys.getPublic()));

            return new Credential(
                    serverKeys.getPrivate(),
                    List.of(
                            signed(server, authorityKeys.getPrivate(), random),
                            signed(authority, authorityKeys.getPrivate(), random)));
        } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
            throw new IllegalStateException("the private authority cannot be made", e);
        }
    }

    private static KeyPair keys(SecureRandom random) {
        try {
            KeyPairGenerator maker = KeyPairGenerator.getInstance("EC");
            maker.initialize(new ECGenParameterSpec(CURVE), random);
            return maker.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java makes no keys on " + CURVE, e);
        }
    }

    private static X500Name name(String commonName) {
        String shown = commonName.length() > COMMON_NAME_MAX ? commonName.substring(0, COMMON_NAME_MAX) : commonName;
        return new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, shown).build();
    }

    private static JcaX509v3CertificateBuilder builder(
            X500Name issuer, X500Name subject, Instant from, Duration valid, KeyPair keys, SecureRandom random) {
        // notAfter is inclusive (RFC 5280 section 4.1.2.5): a second less, so that whole days are not passed.
        Instant until = from.plus(BACKDATED).plus(valid).minusSeconds(1);
        return new JcaX509v3CertificateBuilder(
                issuer,
                new BigInteger(SERIAL_BITS, random).setBit(SERIAL_BITS - 1),
                Date.from(from),
                Date.from(until),
                subject,
                keys.getPublic());
    }

    private static X509Certificate signed(JcaX509v3CertificateBuilder certificate, PrivateKey key, SecureRandom random)
            throws GeneralSecurityException, OperatorCreationException {
        return new JcaX509CertificateConverter()
                .getCertificate(certificate.build(new JcaContentSignerBuilder("SHA256withECDSA")
                        .setSecureRandom(random)
                        .build(key)));
    }
}
