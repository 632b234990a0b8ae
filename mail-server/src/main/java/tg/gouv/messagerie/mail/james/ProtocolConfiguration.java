package tg.gouv.messagerie.mail.james;

import static tg.gouv.messagerie.mail.james.ConfigurationTree.fill;
import static tg.gouv.messagerie.mail.james.ConfigurationTree.tree;

import java.time.Duration;
import org.apache.commons.configuration2.HierarchicalConfiguration;
import org.apache.commons.configuration2.tree.ImmutableNode;
import org.apache.james.protocols.lib.handler.HandlersPackage;
import tg.gouv.messagerie.mail.MailSettings;
import tg.gouv.messagerie.mail.imap.CommandLines;
import tg.gouv.messagerie.mail.imap.ImapCommands;

/** The configuration of James's protocol servers, from our settings. */
final class ProtocolConfiguration {
    /** Never listened on: each server takes the address of its door. */
    private static final String NO_ADDRESS = "0.0.0.0:0";

    private final MailSettings settings;
    private final Doors doors;

    ProtocolConfiguration(MailSettings settings, Doors doors) {
        this.settings = settings;
        this.doors = doors;
    }

    HierarchicalConfiguration<ImmutableNode> smtp() {
        HierarchicalConfiguration<ImmutableNode> all = tree();
        smtp(
                all,
                "smtp",
                TransferHandlers.class,
                settings.transfer().connectionsMax(),
                settings.transfer().idleTimeout());
        int most = settings.submission().connectionsMax();
        Duration idle = settings.submission().idleTimeout();
        smtp(all, "submission", SubmissionHandlers.class, most, idle);
        smtp(all, "submissions", SubmissionHandlers.class, most, idle);
        return all;
    }

    private void smtp(
            HierarchicalConfiguration<ImmutableNode> all,
            String door,
            Class<? extends HandlersPackage> handlers,
            int connectionsMax,
            Duration idle) {
        server(all, "smtpserver", door, connectionsMax, idle);
        fill(
                all,
                "smtpserver.auth.announce",
                "never", // by James's own command, which is not among the handlers
                "smtpserver.maxmessagesize",
                settings.messageSizeMax().bytes() / 1024 + "K",
                "smtpserver.heloEhloEnforcement",
                true,
                "smtpserver.addressBracketsEnforcement",
                true,
                "smtpserver.smtpGreeting",
                settings.hostName() + " ESMTP Messagerie",
                "smtpserver.handlerchain[@enableJmx]",
                false,
                "smtpserver.handlerchain[@coreHandlersPackage]",
                handlers.getName());
    }

    HierarchicalConfiguration<ImmutableNode> lmtp() {
        HierarchicalConfiguration<ImmutableNode> all = tree();
        server(
                all,
                "lmtpserver",
                "lmtp",
                settings.lmtp().connectionsMax(),
                settings.lmtp().idleTimeout());
        return fill(
                all,
                "lmtpserver.maxmessagesize",
                settings.messageSizeMax().bytes() / 1024,
                "lmtpserver.lmtpGreeting",
                settings.hostName() + " LMTP Messagerie",
                "lmtpserver.handlerchain[@enableJmx]",
                false,
                "lmtpserver.handlerchain[@coreHandlersPackage]",
                LmtpHandlers.class.getName());
    }

    HierarchicalConfiguration<ImmutableNode> imap() {
        HierarchicalConfiguration<ImmutableNode> all = tree();
        imap(all, "imap");
        imap(all, "imaps");
        return fill(all, "imapPackages", ImapCommands.class.getName());
    }

    private void imap(HierarchicalConfiguration<ImmutableNode> all, String door) {
        Duration idle = settings.imap().idleTimeout();
        server(all, "imapserver", door, settings.imap().connectionsMax(), idle);
        fill(
                all,
                "imapserver.timeout",
                idle.toSeconds(),
                "imapserver.auth.requireSSL",
                true,
                "imapserver.auth.plainAuthEnabled",
                true,
                "imapserver.enableIdle",
                true,
                "imapserver.literalSizeLimit",
                settings.messageSizeMax().bytes() / 1024 + "K",
                "imapserver.inMemorySizeLimit",
                CommandLines.IN_MEMORY_MAX / 1024 + "K",
                "imapserver.provisionDefaultMailboxes",
                false); // ours are made at sign-in and delivery
    }

    private void server(
            HierarchicalConfiguration<ImmutableNode> all,
            String element,
            String door,
            int connectionsMax,
            Duration idle) {
        fill(
                all,
                element + "(-1)[@enabled]",
                true,
                element + ".door",
                door,
                element + ".jmxName",
                doors.named(door).jmxName(),
                element + ".bind",
                NO_ADDRESS,
                element + ".helloName.[@autodetect]",
                false,
                element + ".helloName",
                settings.hostName(),
                element + ".connectionLimit",
                connectionsMax,
                element + ".connectiontimeout",
                idle.toSeconds(),
                element + ".gracefulShutdown",
                false);
    }
}
