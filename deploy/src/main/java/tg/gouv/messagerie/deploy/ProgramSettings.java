package tg.gouv.messagerie.deploy;

import java.nio.file.Path;
import tg.gouv.messagerie.deploy.routes.RoutesSettings;
import tg.gouv.messagerie.directory.ldap.LdapSettings;
import tg.gouv.messagerie.directory.postgres.DirectorySettings;
import tg.gouv.messagerie.mail.MailSettings;
import tg.gouv.messagerie.platform.audit.AuditSettings;
import tg.gouv.messagerie.platform.blobs.BlobSettings;
import tg.gouv.messagerie.platform.database.DatabaseSettings;
import tg.gouv.messagerie.platform.http.HttpSettings;
import tg.gouv.messagerie.platform.log.LogSettings;
import tg.gouv.messagerie.platform.metrics.AdministrationSettings;
import tg.gouv.messagerie.platform.outbox.OutboxSettings;
import tg.gouv.messagerie.platform.settings.Doc;
import tg.gouv.messagerie.platform.tls.TlsSettings;
import tg.gouv.messagerie.portal.JmapDoorSettings;
import tg.gouv.messagerie.portal.PortalSettings;

/** The whole settings file: one table per part of the program. */
public record ProgramSettings(
        @Doc(
                value =
                        "The directory of everything the program keeps on this machine; made at the first start, for the"
                                + " program's user alone.",
                byDefault = "\"/var/lib/messagerie\"")
        Path data,

        @Doc("PostgreSQL.") DatabaseSettings database,

        @Doc("Large objects: bodies of big messages, files.")
        BlobSettings blobs,

        @Doc("The audit trail: who did what.") AuditSettings audit,
        @Doc("Work between capabilities.") OutboxSettings outbox,
        @Doc("The server's certificate.") TlsSettings tls,
        @Doc("Who exists and how one signs in.") DirectorySettings directory,
        @Doc("The directory over LDAP.") LdapSettings ldap,
        @Doc("SMTP, IMAP, ManageSieve, JMAP.") MailSettings mail,

        @Doc("What follows an act elsewhere, and to whom the program writes.")
        RoutesSettings routes,

        @Doc("HTTPS.") HttpSettings http,
        @Doc("JMAP on the HTTPS port.") JmapDoorSettings jmap,
        @Doc("The pages for people.") PortalSettings portal,

        @Doc("Metrics and health, for tools on this machine.")
        AdministrationSettings administration,

        @Doc("The log.") LogSettings log) {
    /** The same, once it is known on which port HTTPS listens. */
    ProgramSettings listening(int https) {
        return new ProgramSettings(
                data,
                database,
                blobs,
                audit,
                outbox,
                tls,
                directory,
                ldap,
                mail,
                routes,
                http,
                jmap.at(https),
                portal,
                administration,
                log);
    }
}
