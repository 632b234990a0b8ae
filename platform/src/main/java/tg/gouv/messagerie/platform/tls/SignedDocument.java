package tg.gouv.messagerie.platform.tls;

import java.io.IOException;
import java.security.cert.CertificateEncodingException;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.jcajce.JcaSignerInfoGeneratorBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;

/*
 * What is signed is always the set of signed attributes (RFC 5652 section 5.4), never the content itself: no content, whoever
 * wrote it, can be taken for what this key signs in a TLS handshake.
 */
/** A document and the signature of this server, in one. */
final class SignedDocument {
    private SignedDocument() {}

    /** The content inside a SignedData (RFC 5652 section 5.1), DER, with SHA-256 and the whole chain. */
    static byte[] of(Credential credential, byte[] content) {
        try {
            CMSSignedDataGenerator generator = new CMSSignedDataGenerator();
            generator.addSignerInfoGenerator(new JcaSignerInfoGeneratorBuilder(
                            new JcaDigestCalculatorProviderBuilder().build())
                    .build(
                            new JcaContentSignerBuilder(
                                            credential.key().getAlgorithm().equals("RSA")
                                                    ? "SHA256withRSA"
                                                    : "SHA256withECDSA")
                                    .build(credential.key()),
                            credential.certificate()));
            generator.addCertificates(new JcaCertStore(credential.chain()));
            return generator
                    .generate(new CMSProcessableByteArray(content), true)
                    .getEncoded("DER");
        } catch (OperatorCreationException | CertificateEncodingException | CMSException | IOException e) {
            throw new IllegalStateException("the server's key signs nothing", e);
        }
    }
}
