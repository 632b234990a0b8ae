package tg.gouv.messagerie.deploy.command;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import tg.gouv.messagerie.deploy.demo.DemoPasswords;
import tg.gouv.messagerie.deploy.demo.DemoPorts;
import tg.gouv.messagerie.platform.audit.AuditReader;
import tg.gouv.messagerie.platform.audit.Circumstances;
import tg.gouv.messagerie.platform.backup.Backups;
import tg.gouv.messagerie.platform.backup.Progress;
import tg.gouv.messagerie.platform.backup.StoredBackup;
import tg.gouv.messagerie.platform.settings.Endpoint;

/**
 * How a program is made from its settings: what the command line needs to know of it.
 *
 * @param <S> the settings
 * @param <R> the running program
 */
public interface Assembly<S extends Record, R extends Running> {
    /** The record that the settings file fills. */
    Class<S> settings();

    /** The data directory that the settings name. */
    Path data(S settings);

    /** The name under which others reach the program. */
    String hostName(S settings);

    /** Where the program will listen, by protocol, looked at before it starts. */
    Map<String, Endpoint> endpoints(S settings);

    /**
     * Starts every part; when this returns, clients are served.
     *
     * <p>Ends soon, with any exception, when the thread is interrupted. What was started before a failure is closed.
     */
    R start(S settings, Stages stages);

    /**
     * The settings file of a demonstration, complete: what an administrator could have written.
     *
     * @param listen the address on which clients are served
     * @param host the name by which they connect
     */
    String demoSettings(Path data, DemoPorts ports, String listen, String host);

    /**
     * Opens the audit trail of these settings for a command that reads it, beside the program that may be running.
     *
     * @throws tg.gouv.messagerie.platform.database.DatabaseRefused if the database cannot be reached
     */
    AuditReader auditReader(S settings);

    /** The folder outside of this machine that has the audit trail's heads. */
    Optional<Path> auditHeads(S settings);

    /**
     * Opens what makes backups of the program of these settings, beside it if it runs.
     *
     * @throws tg.gouv.messagerie.platform.database.DatabaseRefused if the database cannot be reached
     */
    Backups backups(S settings);

    /**
     * Brings the database and the objects of a backup back to where these settings say they are; nothing runs there.
     *
     * @param asked who asks for it
     * @throws tg.gouv.messagerie.platform.backup.BackupRefused if something is there already, or the backup is damaged
     * @throws tg.gouv.messagerie.platform.database.DatabaseRefused if the database cannot be reached, or this program is older
     */
    void restore(S settings, StoredBackup backup, Circumstances asked, Progress progress);

    /** Puts the fictitious State into a program that runs, as a stage; what is there already stays as it is. */
    void populate(R program, DemoPasswords passwords, Stages stages);
}
