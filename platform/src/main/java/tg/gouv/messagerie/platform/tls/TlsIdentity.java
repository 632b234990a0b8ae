package tg.gouv.messagerie.platform.tls;

import java.nio.file.Path;
import javax.net.ssl.SSLContext;

/** The certificate and key with which this server shows who it is; renewed files are taken up without a restart. */
public interface TlsIdentity {
    /** The server's certificate and its intermediates, PEM. */
    Path certificateChain();

    /** The private key of the first certificate, PKCS#8 PEM, readable by this program's user alone. */
    Path privateKey();

    /** The authority to give to clients: the private one's certificate, or the last of the chain. */
    Path authority();

    /** A context that always presents the current certificate (TLS 1.2 and 1.3). */
    SSLContext serverContext();

    /** Calls back after each reload; the callee re-reads what it cached. */
    void onReload(Runnable callback);
}
