package tg.gouv.messagerie.mail.james;

import java.nio.file.Path;
import java.time.Clock;
import tg.gouv.messagerie.directory.Directory;
import tg.gouv.messagerie.directory.signin.SignIns;
import tg.gouv.messagerie.platform.audit.AuditTrail;
import tg.gouv.messagerie.platform.blobs.Blobs;
import tg.gouv.messagerie.platform.database.Database;
import tg.gouv.messagerie.platform.tls.TlsIdentity;

/**
 * What mail is built from; each part is open, and stays its owner's to close.
 *
 * @param data the program's data directory; mail keeps its files in {@code mail} below it
 */
public record MailParts(
        Database database,
        Blobs blobs,
        Directory directory,
        SignIns signIns,
        AuditTrail trail,
        TlsIdentity identity,
        Path data,
        Clock clock) {}
