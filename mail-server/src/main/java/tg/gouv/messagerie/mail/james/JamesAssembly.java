package tg.gouv.messagerie.mail.james;

import com.google.inject.AbstractModule;
import com.google.inject.Module;
import com.google.inject.TypeLiteral;
import com.google.inject.multibindings.Multibinder;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.configuration2.BaseHierarchicalConfiguration;
import org.apache.james.GuiceJamesServer;
import org.apache.james.modules.MailboxModule;
import org.apache.james.modules.MailetProcessingModule;
import org.apache.james.modules.protocols.IMAPServerModule;
import org.apache.james.modules.protocols.LMTPServerModule;
import org.apache.james.modules.protocols.ProtocolHandlerModule;
import org.apache.james.modules.protocols.SMTPServerModule;
import org.apache.james.modules.server.DKIMMailetModule;
import org.apache.james.modules.server.MailetContainerModule.DefaultProcessorsConfigurationSupplier;
import org.apache.james.modules.server.TaskManagerModule;
import org.apache.james.server.core.configuration.Configuration;
import org.apache.james.server.task.json.dto.AdditionalInformationDTO;
import org.apache.james.server.task.json.dto.AdditionalInformationDTOModule;
import org.apache.james.server.task.json.dto.TaskDTO;
import org.apache.james.server.task.json.dto.TaskDTOModule;
import org.apache.james.task.Task;
import org.apache.james.task.TaskExecutionDetails;
import tg.gouv.messagerie.mail.MailSettings;
import tg.gouv.messagerie.platform.database.Uuid7;

/** The parts of the mail server, as three lists. */
final class JamesAssembly {
    static final List<Module> PROTOCOLS = List.of(
            new ProtocolHandlerModule(),
            new SMTPServerModule(),
            new LMTPServerModule(),
            new IMAPServerModule(),
            new ManageSieveModule(),
            new JmapModule());

    static final List<Module> STORAGE = List.of(
            new MailboxModule(), new MailboxStoreModule(Uuid7.system()), new DataModule(), new JmapStoreModule());

    static final List<Module> PROCESSING = List.of(
            new MailetProcessingModule(),
            new DKIMMailetModule(),
            new QueueModule(),
            new TaskManagerModule(),
            new NoTaskOfJames());

    static {
        System.setProperty("james.exit.on.startup.error", "false"); // a failed start is our caller's to tell
    }

    private JamesAssembly() {}

    /** A server, not yet started. */
    static GuiceJamesServer server(MailSettings settings, Doors doors, Path folder, Module ours) {
        Configuration folders =
                Configuration.builder().workingDirectory(folder.toFile()).build();
        return GuiceJamesServer.forConfiguration(folders)
                .combineWith(PROTOCOLS)
                .combineWith(STORAGE)
                .combineWith(PROCESSING)
                .combineWith(ours)
                .overrideWith(new JamesConfiguration(settings, doors), new ProcessedOnce.Binding());
    }

    /** James keeps its administration tasks in jars that are not here: their two sets are empty. */
    private static final class NoTaskOfJames extends AbstractModule {
        @Override
        protected void configure() {
            Multibinder.newSetBinder(binder(), new TypeLiteral<TaskDTOModule<? extends Task, ? extends TaskDTO>>() {});
            Multibinder.newSetBinder(
                    binder(),
                    new TypeLiteral<
                            AdditionalInformationDTOModule<
                                    ? extends TaskExecutionDetails.AdditionalInformation,
                                    ? extends AdditionalInformationDTO>>() {});
            bind(DefaultProcessorsConfigurationSupplier.class).toInstance(BaseHierarchicalConfiguration::new);
        }
    }
}
