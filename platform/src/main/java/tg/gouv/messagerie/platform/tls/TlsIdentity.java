package tg.gouv.messagerie.platform.tls;

import java.nio.file.Path;
import java.time.Instant;
import javax.net.ssl.SSLContext;

/** The certificate and key with which this server shows who it is; renewed files are taken up without a restart. */
public interface TlsIdentity extends AutoCloseable {
    /** The server's certificate and its intermediates, PEM. */
    Path certificateChain();

    /** The private key of the first certificate, PKCS#8 PEM, never readable by every user of the machine. */
    Path privateKey();

    /** The authority to give to clients: the private one's certificate, or the last of the chain. */
    Path authority();

    /** A context that always presents the current certificate (TLS 1.2 and 1.3). */
    SSLContext serverContext();

    /**
     * A document that this server made, inside a CMS SignedData (RFC 5652) in DER that anybody can check: signed with the key of
     * the certificate shown now, with SHA-256, and that certificate's chain beside it. Nobody else's bytes are signed.
     */
    byte[] signed(byte[] document);

    /** When the certificate shown now ends. */
    Instant expires();

    /** Whether the last look at the files found nothing wrong and the certificate shown now is valid. */
    boolean isWell();

    /** Looks at the files now; when they are bad the identity stays what it was, the log says why and {@link #isWell} is false. */
    void reload();

    /** Calls back after each reload that changed the identity; the callee re-reads what it cached. */
    void onReload(Runnable callback);

    /** Looks at the files no more; the context keeps the last identity. */
    @Override
    void close();
}
