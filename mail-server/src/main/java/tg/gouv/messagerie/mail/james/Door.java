package tg.gouv.messagerie.mail.james;

import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.james.protocols.api.ClientAuth;
import org.apache.james.protocols.netty.Encryption;
import org.jspecify.annotations.Nullable;
import tg.gouv.messagerie.platform.settings.Endpoint;
import tg.gouv.messagerie.platform.tls.TlsIdentity;

/**
 * An address on which a protocol is spoken.
 *
 * @param name as {@link MailServer#ports} says it
 * @param jmxName distinct within the JVM: James registers each of its servers as a management bean
 */
record Door(String name, String jmxName, Endpoint endpoint, Layer layer) {
    /** RFC 8996: nothing older. */
    private static final String[] TLS_VERSIONS = {"TLSv1.3", "TLSv1.2"};

    /** Those of the Java platform for these versions. */
    private static final String[] ANY_CIPHER = {};

    private static final AtomicInteger LAST = new AtomicInteger();

    Door(String name, Endpoint endpoint, Layer layer) {
        this(name, name + "-" + LAST.incrementAndGet(), endpoint, layer);
    }

    /** How a connection is encrypted. */
    enum Layer {
        CLEAR,
        STARTTLS,
        TLS
    }

    /** The address itself: James would ask the DNS for its name before it listens. */
    InetSocketAddress address() {
        return new InetSocketAddress(endpoint.host(), endpoint.port());
    }

    /** TLS with the certificate that is current when a connection is made. */
    @Nullable
    Encryption encryption(TlsIdentity identity) {
        return switch (layer) {
            case CLEAR -> null;
            case STARTTLS ->
                Encryption.createStartTls(identity.serverContext(), ANY_CIPHER, TLS_VERSIONS, ClientAuth.NONE);
            case TLS -> Encryption.createTls(identity.serverContext(), ANY_CIPHER, TLS_VERSIONS, ClientAuth.NONE);
        };
    }
}
