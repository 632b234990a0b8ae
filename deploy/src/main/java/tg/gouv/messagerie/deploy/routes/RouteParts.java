package tg.gouv.messagerie.deploy.routes;

import java.time.Clock;
import java.util.Optional;
import tg.gouv.messagerie.mail.DepartedAccounts;
import tg.gouv.messagerie.mail.ErasedAccounts;
import tg.gouv.messagerie.mail.NewAccounts;
import tg.gouv.messagerie.mail.Submission;
import tg.gouv.messagerie.platform.database.Database;
import tg.gouv.messagerie.platform.outbox.Outbox;
import tg.gouv.messagerie.platform.tls.TlsIdentity;

/**
 * What routes join; each part is open, and stays its owner's to close.
 *
 * @param server the name by which administrators know this server
 * @param portal the address of the page that says how to connect
 * @param sealed where what people send outside arrives, if nothing leaves this installation
 */
public record RouteParts(
        Database database,
        Outbox outbox,
        NewAccounts newAccounts,
        DepartedAccounts departedAccounts,
        ErasedAccounts erasedAccounts,
        Submission submission,
        TlsIdentity identity,
        String server,
        String portal,
        Optional<String> sealed,
        Clock clock) {}
