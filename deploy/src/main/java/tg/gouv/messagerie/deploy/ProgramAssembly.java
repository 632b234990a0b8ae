package tg.gouv.messagerie.deploy;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tg.gouv.messagerie.deploy.command.Assembly;
import tg.gouv.messagerie.deploy.command.Stages;
import tg.gouv.messagerie.deploy.demo.DemoDirectory;
import tg.gouv.messagerie.deploy.demo.DemoPasswords;
import tg.gouv.messagerie.deploy.demo.DemoPorts;
import tg.gouv.messagerie.deploy.demo.DemoSettings;
import tg.gouv.messagerie.directory.provisioning.State;
import tg.gouv.messagerie.mail.MailSettings;
import tg.gouv.messagerie.mail.postgres.MailSchema;
import tg.gouv.messagerie.platform.audit.AuditEvent;
import tg.gouv.messagerie.platform.audit.AuditReader;
import tg.gouv.messagerie.platform.audit.AuditTrail;
import tg.gouv.messagerie.platform.audit.Circumstances;
import tg.gouv.messagerie.platform.audit.Subject;
import tg.gouv.messagerie.platform.audit.UnsealedTrail;
import tg.gouv.messagerie.platform.backup.Backups;
import tg.gouv.messagerie.platform.backup.Progress;
import tg.gouv.messagerie.platform.backup.StoredBackup;
import tg.gouv.messagerie.platform.blobs.BlobStores;
import tg.gouv.messagerie.platform.database.Database;
import tg.gouv.messagerie.platform.database.Databases;
import tg.gouv.messagerie.platform.settings.Endpoint;

/** How this program is made from its settings file, and how its demonstration is. */
final class ProgramAssembly implements Assembly<ProgramSettings, Program> {
    @Override
    public Class<ProgramSettings> settings() {
        return ProgramSettings.class;
    }

    @Override
    public Path data(ProgramSettings settings) {
        return settings.data();
    }

    @Override
    public String hostName(ProgramSettings settings) {
        return settings.mail().hostName();
    }

    @Override
    public Map<String, Endpoint> endpoints(ProgramSettings settings) {
        MailSettings mail = settings.mail();
        return Map.ofEntries(
                Map.entry("smtp", mail.transfer().listen()),
                Map.entry("submission", mail.submission().listen()),
                Map.entry("submissions", mail.submission().listenTls()),
                Map.entry("lmtp", mail.lmtp().listen()),
                Map.entry("imap", mail.imap().listen()),
                Map.entry("imaps", mail.imap().listenTls()),
                Map.entry("managesieve", mail.managesieve().listen()),
                Map.entry("ldap", settings.ldap().listen()),
                Map.entry("ldaps", settings.ldap().listenTls()),
                Map.entry("https", settings.http().listen()),
                Map.entry("administration", settings.administration().listen()));
    }

    @Override
    public Program start(ProgramSettings settings, Stages stages) {
        return Program.start(settings, stages);
    }

    @Override
    public String demoSettings(Path data, DemoPorts ports, String listen, String host) {
        return DemoSettings.text(data, ports, listen, host);
    }

    @Override
    public AuditReader auditReader(ProgramSettings settings) {
        return new AuditReader(Databases.visit(settings.database(), settings.data()));
    }

    @Override
    public Optional<Path> auditHeads(ProgramSettings settings) {
        return settings.audit().headsDirectory();
    }

    @Override
    public Backups backups(ProgramSettings settings) {
        Database database = Databases.visit(settings.database(), settings.data());
        try {
            return new Backups(
                    database,
                    switch (settings.blobs().kind()) {
                        case DIRECTORY -> Optional.of(BlobStores.open(settings.blobs(), database, settings.data()));
                        case POSTGRESQL -> Optional.empty(); // they are rows
                    },
                    MailSchema.OBJECTS,
                    new UnsealedTrail(database.connections("backup", "platform", 1)),
                    AuditedLife.version(),
                    Clock.systemUTC());
        } catch (RuntimeException e) {
            database.close();
            throw e;
        }
    }

    @Override
    public void restore(ProgramSettings settings, StoredBackup backup, Circumstances asked, Progress progress) {
        try (Database database = Databases.open(settings.database(), settings.data())) {
            AuditTrail trail = new UnsealedTrail(database.connections("restore", "platform", 1));
            Subject restored = new Subject(Subject.Kind.BACKUP, backup.name());
            backup.restore(
                    database,
                    () -> BlobStores.open(settings.blobs(), database, settings.data()),
                    MailSchema.OBJECTS,
                    List.of(
                            UnsealedTrail::settle,
                            MailSchema::settle,
                            connection -> trail.record(connection, new AuditEvent.Restored(asked, restored))),
                    progress);
        }
    }

    @Override
    public void populate(Program program, DemoPasswords passwords, Stages stages) {
        State state = DemoDirectory.state(passwords);
        stages.run(
                "state",
                () -> {
                    program.provisioning().apply(state);
                    DemoDirectory.grants(program.rights(), program.directory(), program.provisioning());
                    return state;
                },
                _ -> List.of(
                        state.entities().size(),
                        state.positions().size(),
                        state.people().size()));
    }
}
