package tg.gouv.messagerie.mail.james;

import java.nio.file.Path;
import java.time.Clock;
import tg.gouv.messagerie.directory.Directory;
import tg.gouv.messagerie.directory.MailingLists;
import tg.gouv.messagerie.directory.signin.Sessions;
import tg.gouv.messagerie.directory.signin.SignIns;
import tg.gouv.messagerie.mail.transfer.outgoing.Connector;
import tg.gouv.messagerie.mail.transfer.outgoing.DnsNames;
import tg.gouv.messagerie.mail.transfer.outgoing.Names;
import tg.gouv.messagerie.platform.audit.AuditTrail;
import tg.gouv.messagerie.platform.blobs.Blobs;
import tg.gouv.messagerie.platform.database.Database;
import tg.gouv.messagerie.platform.tls.TlsIdentity;

/**
 * What mail is built from; each part is open, and stays its owner's to close.
 *
 * @param data the program's data directory; mail keeps its files in {@code mail} below it
 * @param names where other servers are
 * @param connector how they are reached
 */
public record MailParts(
        Database database,
        Blobs blobs,
        Directory directory,
        MailingLists lists,
        SignIns signIns,
        Sessions sessions,
        AuditTrail trail,
        TlsIdentity identity,
        Path data,
        Clock clock,
        Names names,
        Connector connector) {
    /** With the DNS and the network of this machine, which are asked only if mail is sent to other servers. */
    public MailParts(
            Database database,
            Blobs blobs,
            Directory directory,
            MailingLists lists,
            SignIns signIns,
            Sessions sessions,
            AuditTrail trail,
            TlsIdentity identity,
            Path data,
            Clock clock) {
        this(
                database,
                blobs,
                directory,
                lists,
                signIns,
                sessions,
                trail,
                identity,
                data,
                clock,
                new DnsNames(),
                Connector.tcp());
    }
}
