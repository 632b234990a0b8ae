package tg.gouv.messagerie.mail;

import java.util.Optional;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.mail.delivery.LmtpSettings;
import tg.gouv.messagerie.mail.filters.ManageSieveSettings;
import tg.gouv.messagerie.mail.imap.ImapSettings;
import tg.gouv.messagerie.mail.jmap.postgres.JmapSettings;
import tg.gouv.messagerie.mail.postgres.AbsenceSettings;
import tg.gouv.messagerie.mail.postgres.EventSettings;
import tg.gouv.messagerie.mail.postgres.QueueSettings;
import tg.gouv.messagerie.mail.postgres.QuotaSettings;
import tg.gouv.messagerie.mail.postgres.StoreSettings;
import tg.gouv.messagerie.mail.postgres.TraceSettings;
import tg.gouv.messagerie.mail.smtp.PatienceSettings;
import tg.gouv.messagerie.mail.submission.SubmissionSettings;
import tg.gouv.messagerie.mail.transfer.TransferSettings;
import tg.gouv.messagerie.mail.transfer.outgoing.OutgoingSettings;
import tg.gouv.messagerie.platform.settings.ByteSize;
import tg.gouv.messagerie.platform.settings.Doc;

/** Where mail is accepted and read, and within which bounds. */
public record MailSettings(
        @Doc(value = "The name by which this server greets others.", byDefault = "\"localhost\"")
        String hostName,

        @Doc(value = "How many connections to PostgreSQL mail uses at once.", byDefault = "16")
        int connectionsMax,

        @Doc(value = "The largest message that is accepted.", byDefault = "\"25MB\"")
        ByteSize messageSizeMax,

        @Doc(
                value =
                        "The longest line of a message. RFC 5322 allows 998 characters; programs in use write longer ones.",
                byDefault = "\"8KB\"")
        ByteSize lineLengthMax,

        @Doc(
                value =
                        "How many connections to one port one address may have; an office behind one address needs several"
                                + " for each person.",
                byDefault = "500")
        int connectionsPerAddressMax,

        @Doc(value = "How many SMTP and LMTP commands are worked on at once, over all connections.", byDefault = "64")
        int commandsMax,

        @Doc(value = "How many messages are delivered at once.", byDefault = "8")
        int deliveriesMax,

        @Doc(
                value =
                        "What happens to mail for addresses outside the domains of the directory: \"refuse\" refuses the"
                                + " recipient, \"seal\" delivers it to sealed-mailbox and never outside, \"send\" hands"
                                + " it over to other servers.",
                byDefault = "\"refuse\"")
        Outside outside,

        @Doc("The address, of the directory, that receives the mail for the outside world with outside = \"seal\".")
        Optional<String> sealedMailbox,

        @Doc("Mail from other servers (SMTP).") TransferSettings transfer,

        @Doc("Mail to other servers (SMTP), with outside = \"send\".")
        OutgoingSettings outgoing,

        @Doc("Messages that people send (SMTP).") SubmissionSettings submission,

        @Doc("Mail from a relay on this machine (LMTP).") LmtpSettings lmtp,

        @Doc("Mailboxes (IMAP).") ImapSettings imap,

        @Doc("People's filters (ManageSieve).") ManageSieveSettings managesieve,

        @Doc("People who are away.") AbsenceSettings absences,

        @Doc("Accepted mail that waits for its delivery.") QueueSettings queue,

        @Doc("Mailboxes and messages as they are kept.") StoreSettings store,

        @Doc("What is kept of the path of accepted mail.") TraceSettings trace,

        @Doc("How much accounts may hold.") QuotaSettings quota,

        @Doc("Events inside the mail server.") EventSettings events,

        @Doc("What JMAP keeps of one account.") JmapSettings jmap,

        @Doc("Clients that are slow, silent or hostile.") PatienceSettings patience) {
    /** Above, a message would not fit in James's counters. */
    private static final long SIZE_MOST = 1L << 30;

    public MailSettings {
        demand(!hostName.isBlank(), "host-name must be given");
        demand(connectionsMax >= 2, "connections-max must be 2 or more");
        demand(
                messageSizeMax.bytes() >= 64 * 1024 && messageSizeMax.bytes() <= SIZE_MOST,
                "message-size-max must be between 64KB and 1GB");
        demand(
                lineLengthMax.bytes() >= 1_000 && lineLengthMax.bytes() <= 1 << 20,
                "line-length-max must be between 1000B and 1MB (RFC 5321 section 4.5.3.1.6)");
        demand(connectionsPerAddressMax >= 1, "connections-per-address-max must be 1 or more");
        demand(commandsMax >= 1 && commandsMax <= 10_000, "commands-max must be between 1 and 10000");
        demand(deliveriesMax >= 1 && deliveriesMax <= 1_000, "deliveries-max must be between 1 and 1000");
        demand(
                (outside == Outside.SEAL) == sealedMailbox.isPresent(),
                "sealed-mailbox must be given with outside = \"seal\", and only then");
        demand(
                sealedMailbox.isEmpty()
                        || MailAddress.parse(sealedMailbox.get()).isPresent(),
                "sealed-mailbox must be an address");
        demand(
                outside != Outside.SEND || hostName.indexOf('.') > 0,
                "host-name must be this server's full name with outside = \"send\" (RFC 5321 section 2.3.5)");
    }

    /** The standard ports on the loopback interface, with every default. */
    public static MailSettings byDefault() {
        return new MailSettings(
                "localhost",
                16,
                ByteSize.parse("25MB"),
                ByteSize.parse("8KB"),
                500,
                64,
                8,
                Outside.REFUSE,
                Optional.empty(),
                TransferSettings.byDefault(),
                OutgoingSettings.byDefault(),
                SubmissionSettings.byDefault(),
                LmtpSettings.byDefault(),
                ImapSettings.byDefault(),
                ManageSieveSettings.byDefault(),
                AbsenceSettings.byDefault(),
                QueueSettings.byDefault(),
                StoreSettings.byDefault(),
                TraceSettings.byDefault(),
                QuotaSettings.byDefault(),
                EventSettings.byDefault(),
                JmapSettings.byDefault(),
                PatienceSettings.byDefault());
    }

    private static void demand(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    /** What happens to mail for others than us. */
    public enum Outside {
        /** The recipient is refused. */
        REFUSE,
        /** A local mailbox receives it: nothing leaves. */
        SEAL,
        /** It is handed over to other servers. */
        SEND
    }
}
