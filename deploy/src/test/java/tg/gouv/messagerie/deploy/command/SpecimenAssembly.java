package tg.gouv.messagerie.deploy.command;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import tg.gouv.messagerie.deploy.demo.DemoPasswords;
import tg.gouv.messagerie.deploy.demo.DemoPorts;
import tg.gouv.messagerie.platform.audit.AuditReader;
import tg.gouv.messagerie.platform.audit.Circumstances;
import tg.gouv.messagerie.platform.backup.Backups;
import tg.gouv.messagerie.platform.backup.Progress;
import tg.gouv.messagerie.platform.backup.StoredBackup;
import tg.gouv.messagerie.platform.settings.Doc;
import tg.gouv.messagerie.platform.settings.Endpoint;

/** A command line for the {@link Specimen}, whose settings name its data directory and nothing else. */
final class SpecimenAssembly implements Assembly<SpecimenAssembly.SpecimenSettings, Specimen> {
    private final Supplier<AuditReader> audit;

    SpecimenAssembly() {
        this(() -> {
            throw new IllegalStateException("a specimen has no database");
        });
    }

    /** A specimen with an audit trail. */
    SpecimenAssembly(Supplier<AuditReader> audit) {
        this.audit = audit;
    }

    /** The settings of a program without parts. */
    record SpecimenSettings(@Doc("The data directory.") Path data) {}

    @Override
    public Class<SpecimenSettings> settings() {
        return SpecimenSettings.class;
    }

    @Override
    public Path data(SpecimenSettings settings) {
        return settings.data();
    }

    @Override
    public String hostName(SpecimenSettings settings) {
        return "localhost";
    }

    @Override
    public Map<String, Endpoint> endpoints(SpecimenSettings settings) {
        return Map.of();
    }

    @Override
    public Specimen start(SpecimenSettings settings, Stages stages) {
        throw new IllegalStateException("a specimen is started by its own main");
    }

    @Override
    public String demoSettings(Path data, DemoPorts ports, String listen, String host) {
        return "data = \"" + data + "\"\n";
    }

    @Override
    public AuditReader auditReader(SpecimenSettings settings) {
        return audit.get();
    }

    @Override
    public Optional<Path> auditHeads(SpecimenSettings settings) {
        return Optional.empty();
    }

    @Override
    public Backups backups(SpecimenSettings settings) {
        throw new IllegalStateException("a specimen has no database");
    }

    @Override
    public void restore(SpecimenSettings settings, StoredBackup backup, Circumstances asked, Progress progress) {
        throw new IllegalStateException("a specimen has no database");
    }

    @Override
    public void populate(Specimen program, DemoPasswords passwords, Stages stages) {
        throw new IllegalStateException("a specimen is empty");
    }
}
