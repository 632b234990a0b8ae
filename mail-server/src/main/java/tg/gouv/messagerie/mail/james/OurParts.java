package tg.gouv.messagerie.mail.james;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import com.google.inject.multibindings.Multibinder;
import org.apache.james.domainlist.api.DomainList;
import org.apache.james.mailbox.MailboxManager;
import org.apache.james.rrt.api.CanSendFrom;
import org.apache.james.user.api.UsersRepository;
import org.apache.james.utils.GuiceProbe;
import tg.gouv.messagerie.directory.Directory;
import tg.gouv.messagerie.directory.MailingLists;
import tg.gouv.messagerie.directory.signin.Sessions;
import tg.gouv.messagerie.directory.signin.SignIns;
import tg.gouv.messagerie.mail.JmapKey;
import tg.gouv.messagerie.mail.MailSettings;
import tg.gouv.messagerie.mail.Submission;
import tg.gouv.messagerie.mail.delivery.DefaultMailboxes;
import tg.gouv.messagerie.mail.delivery.QueueSubmission;
import tg.gouv.messagerie.mail.imap.ImapSettings;
import tg.gouv.messagerie.mail.postgres.PostgresOutgoing;
import tg.gouv.messagerie.mail.rights.Visits;
import tg.gouv.messagerie.mail.smtp.CommandWorkers;
import tg.gouv.messagerie.mail.submission.Senders;
import tg.gouv.messagerie.mail.trace.RefusedMail;
import tg.gouv.messagerie.platform.audit.AuditTrail;
import tg.gouv.messagerie.platform.tls.TlsIdentity;

/** Our own objects, as James's parts ask for them. */
final class OurParts extends AbstractModule {
    private final MailSettings settings;
    private final MailParts parts;
    private final MailStorage storage;
    private final Doors doors;
    private final JmapKey jmapKey;
    private final CommandWorkers workers;

    OurParts(
            MailSettings settings,
            MailParts parts,
            MailStorage storage,
            Doors doors,
            JmapKey jmapKey,
            CommandWorkers workers) {
        this.settings = settings;
        this.parts = parts;
        this.storage = storage;
        this.doors = doors;
        this.jmapKey = jmapKey;
        this.workers = workers;
    }

    @Override
    protected void configure() {
        Directory directory = parts.directory();
        bind(MailSettings.class).toInstance(settings);
        bind(CommandWorkers.class).toInstance(workers);
        bind(Submission.class).to(QueueSubmission.class);
        bind(Doors.class).toInstance(doors);
        bind(MailStorage.class).toInstance(storage);
        bind(PostgresOutgoing.class).toInstance(storage.outgoing());
        bind(RefusedMail.Noted.class).toInstance(storage.refusals());
        bind(JmapKey.class).toInstance(jmapKey);
        bind(Directory.class).toInstance(directory);
        bind(MailingLists.class).toInstance(parts.lists());
        bind(SignIns.class).toInstance(parts.signIns());
        bind(Sessions.class).toInstance(parts.sessions());
        bind(AuditTrail.class).toInstance(parts.trail());
        bind(TlsIdentity.class).toInstance(parts.identity());
        bind(ImapSettings.class).toInstance(settings.imap());
        bind(Visits.class).toInstance(new Visits(parts.trail(), new DirectoryOwners(directory), parts.clock()));
        bind(UsersRepository.class).toInstance(new DirectoryUsers(directory));
        bind(DomainList.class).toInstance(new DirectoryDomains(directory, settings.hostName()));
        bind(CanSendFrom.class).toInstance(new DirectorySenders(directory, new Senders(directory)));
        Multibinder.newSetBinder(binder(), GuiceProbe.class).addBinding().to(Running.class);
    }

    @Provides
    @Singleton
    DefaultMailboxes defaults(MailboxManager mailboxes) {
        return new DefaultMailboxes(mailboxes);
    }
}
