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
import tg.gouv.messagerie.directory.signin.SignIns;
import tg.gouv.messagerie.mail.JmapKey;
import tg.gouv.messagerie.mail.MailSettings;
import tg.gouv.messagerie.mail.delivery.DefaultMailboxes;
import tg.gouv.messagerie.mail.submission.ErrorLimit;
import tg.gouv.messagerie.mail.submission.Errors;
import tg.gouv.messagerie.mail.submission.OwnFrom;
import tg.gouv.messagerie.mail.submission.OwnSender;
import tg.gouv.messagerie.mail.submission.Senders;
import tg.gouv.messagerie.mail.submission.SignInCommand;
import tg.gouv.messagerie.mail.transfer.ForeignSender;
import tg.gouv.messagerie.mail.transfer.Peers;
import tg.gouv.messagerie.mail.transfer.RecipientHook;
import tg.gouv.messagerie.mail.transfer.StrictData;
import tg.gouv.messagerie.platform.tls.TlsIdentity;

/** Our own objects, as James's parts ask for them. */
final class OurParts extends AbstractModule {
    private final MailSettings settings;
    private final MailParts parts;
    private final MailStorage storage;
    private final Doors doors;
    private final JmapKey jmapKey;

    OurParts(MailSettings settings, MailParts parts, MailStorage storage, Doors doors, JmapKey jmapKey) {
        this.settings = settings;
        this.parts = parts;
        this.storage = storage;
        this.doors = doors;
        this.jmapKey = jmapKey;
    }

    @Override
    protected void configure() {
        Directory directory = parts.directory();
        Senders senders = new Senders(directory);
        bind(Doors.class).toInstance(doors);
        bind(MailStorage.class).toInstance(storage);
        bind(JmapKey.class).toInstance(jmapKey);
        bind(Directory.class).toInstance(directory);
        bind(SignIns.class).toInstance(parts.signIns());
        bind(TlsIdentity.class).toInstance(parts.identity());
        bind(MailSettings.class).toInstance(settings);
        bind(UsersRepository.class).toInstance(new DirectoryUsers(directory));
        bind(DomainList.class).toInstance(new DirectoryDomains(directory, settings.hostName()));
        bind(CanSendFrom.class).toInstance(new DirectorySenders(directory, senders));
        Multibinder.newSetBinder(binder(), GuiceProbe.class).addBinding().to(Running.class);
        smtp(directory, senders);
    }

    private void smtp(Directory directory, Senders senders) {
        Errors atSubmission = new Errors(settings.submission().errorsMax());
        bind(SignInCommand.class).toInstance(new SignInCommand(parts.signIns(), atSubmission));
        bind(OwnSender.class).toInstance(new OwnSender(senders));
        bind(OwnFrom.class).toInstance(new OwnFrom(senders, settings.hostName(), parts.clock()));
        bind(ErrorLimit.AtSubmission.class).toInstance(new ErrorLimit.AtSubmission(atSubmission));
        bind(ForeignSender.class).toInstance(new ForeignSender(new Peers(settings.transfer(), directory)));
        bind(ErrorLimit.AtTransfer.class)
                .toInstance(new ErrorLimit.AtTransfer(
                        new Errors(settings.transfer().errorsMax())));
        bind(RecipientHook.class).toInstance(new RecipientHook(directory, settings));
        bind(StrictData.class).toInstance(new StrictData());
    }

    @Provides
    @Singleton
    DefaultMailboxes defaults(MailboxManager mailboxes) {
        return new DefaultMailboxes(mailboxes);
    }
}
