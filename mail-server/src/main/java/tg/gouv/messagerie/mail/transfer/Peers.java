package tg.gouv.messagerie.mail.transfer;

import java.net.InetAddress;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.james.protocols.smtp.SMTPSession;
import tg.gouv.messagerie.directory.Directory;

/** Who may hand in, without signing in, mail that says it is from our own domains. */
public final class Peers {
    private final Set<InetAddress> addresses;
    private final Directory directory;

    /** The peers of the settings. */
    public Peers(TransferSettings settings, Directory directory) {
        this.addresses =
                settings.peers().stream().map(InetAddress::ofLiteral).collect(Collectors.toUnmodifiableSet());
        this.directory = directory;
    }

    /** Whether this client may write in the name of this domain. */
    boolean mayWriteAs(SMTPSession session, String domain) {
        return addresses.contains(session.getRemoteAddress().getAddress())
                || !directory.domains().contains(domain);
    }
}
