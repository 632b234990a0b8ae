package tg.gouv.messagerie.mail.james;

import static tg.gouv.messagerie.mail.james.ConfigurationTree.flat;
import static tg.gouv.messagerie.mail.james.ConfigurationTree.tree;

import com.google.inject.AbstractModule;
import com.google.inject.Scopes;
import java.util.Map;
import org.apache.commons.configuration2.Configuration;
import org.apache.commons.configuration2.HierarchicalConfiguration;
import org.apache.commons.configuration2.tree.ImmutableNode;
import org.apache.james.dnsservice.api.DNSService;
import org.apache.james.imap.api.process.MailboxTyper;
import org.apache.james.imapserver.netty.IMAPServerFactory;
import org.apache.james.lmtpserver.netty.LMTPServerFactory;
import org.apache.james.server.core.configuration.ConfigurationProvider;
import org.apache.james.smtpserver.netty.SMTPServerFactory;
import org.apache.james.util.LoggingLevel;
import org.apache.james.utils.PropertiesProvider;
import tg.gouv.messagerie.mail.MailSettings;
import tg.gouv.messagerie.mail.imap.SpecialUse;
import tg.gouv.messagerie.mail.jmap.SignedPrincipal;
import tg.gouv.messagerie.mail.postgres.PostgresMailRepository;

/**
 * The two doors through which James reads its configuration, answered from our settings: no file is read. A name that is not
 * listed here stops the start, since James would take silent defaults. With them, the servers that listen on our doors.
 */
final class JamesConfiguration extends AbstractModule {
    private final Map<String, HierarchicalConfiguration<ImmutableNode>> trees;
    private final Map<String, Configuration> properties;
    private final String hostName;

    JamesConfiguration(MailSettings settings, Doors doors) {
        hostName = settings.hostName();
        ProtocolConfiguration protocols = new ProtocolConfiguration(settings, doors);
        trees = Map.of(
                "smtpserver", protocols.smtp(),
                "imapserver", protocols.imap(),
                "lmtpserver", protocols.lmtp(),
                "mailetcontainer", MailetConfiguration.of(settings),
                "dnsservice", tree("autodiscover", false, "servers.server", "127.0.0.1"), // asked by nobody: NoDns
                "mailrepositorystore",
                        tree(
                                "defaultProtocol",
                                "postgresql",
                                "mailrepositories.mailrepository[@class]",
                                PostgresMailRepository.class.getName(),
                                "mailrepositories.mailrepository.protocols.protocol",
                                "postgresql"),
                "listeners", tree());
        properties = Map.of(
                "jmap",
                        flat(
                                "authentication.strategy.rfc8621",
                                SignedPrincipal.class.getName(),
                                "url.prefix",
                                "http://127.0.0.1",
                                "dynamic.jmap.prefix.resolution.enabled",
                                true,
                                "upload.max.size",
                                settings.messageSizeMax().bytes() / 1024 + "K"),
                "extensions", flat(),
                "healthcheck", flat());
    }

    @Override
    protected void configure() {
        bind(ConfigurationProvider.class).toInstance(new Trees(trees));
        bind(PropertiesProvider.class).toInstance(new Properties(properties));
        bind(DNSService.class).toInstance(new NoDns(hostName));
        bind(SMTPServerFactory.class).to(SmtpServers.class).in(Scopes.SINGLETON);
        bind(LMTPServerFactory.class).to(LmtpServers.class).in(Scopes.SINGLETON);
        bind(IMAPServerFactory.class).to(ImapServers.class).in(Scopes.SINGLETON);
        bind(MailboxTyper.class).toInstance(new SpecialUse());
    }

    private static <T> T answer(Map<String, T> known, String name) {
        T value = known.get(name);
        if (value == null) {
            throw new IllegalStateException(
                    "James asks for the configuration '" + name + "', which this assembly does not give");
        }
        return value;
    }

    private record Trees(Map<String, HierarchicalConfiguration<ImmutableNode>> known) implements ConfigurationProvider {
        @Override
        public HierarchicalConfiguration<ImmutableNode> getConfiguration(String component, LoggingLevel level) {
            return answer(known, component);
        }
    }

    private static final class Properties extends PropertiesProvider {
        private final Map<String, Configuration> known;

        @SuppressWarnings("NullAway") // the file system and the folder are never used: each answer is overridden
        Properties(Map<String, Configuration> known) {
            super(null, null);
            this.known = known;
        }

        @Override
        public Configuration getConfiguration(String name) {
            return answer(known, name);
        }

        @Override
        public Configuration getConfigurations(String... names) {
            return answer(known, names[0]);
        }
    }
}
