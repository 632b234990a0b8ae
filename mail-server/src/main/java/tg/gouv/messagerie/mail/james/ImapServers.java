package tg.gouv.messagerie.mail.james;

import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import java.time.Duration;
import javax.inject.Inject;
import javax.inject.Provider;
import org.apache.commons.configuration2.Configuration;
import org.apache.commons.configuration2.HierarchicalConfiguration;
import org.apache.commons.configuration2.ex.ConfigurationException;
import org.apache.commons.configuration2.tree.ImmutableNode;
import org.apache.james.filesystem.api.FileSystem;
import org.apache.james.imap.api.message.response.StatusResponseFactory;
import org.apache.james.imap.api.process.ImapProcessor;
import org.apache.james.imap.decode.ImapCommandParserFactory;
import org.apache.james.imap.decode.ImapDecoder;
import org.apache.james.imap.encode.ImapEncoder;
import org.apache.james.imap.processor.DefaultProcessor;
import org.apache.james.imapserver.netty.IMAPServer;
import org.apache.james.imapserver.netty.IMAPServerFactory;
import org.apache.james.imapserver.netty.ImapChannelUpstreamHandler;
import org.apache.james.imapserver.netty.NettyConstants;
import org.apache.james.imapserver.netty.ReactiveThrottler;
import org.apache.james.mailbox.MailboxManager;
import org.apache.james.metrics.api.GaugeRegistry;
import org.apache.james.metrics.api.MetricFactory;
import org.apache.james.protocols.netty.AbstractChannelPipelineFactory;
import org.jspecify.annotations.Nullable;
import tg.gouv.messagerie.mail.MailSettings;
import tg.gouv.messagerie.mail.imap.CommandBoundary;
import tg.gouv.messagerie.mail.imap.CommandDecoder;
import tg.gouv.messagerie.mail.imap.CommandLines;
import tg.gouv.messagerie.mail.imap.EveryCommandAnswered;
import tg.gouv.messagerie.mail.imap.ImapSettings;
import tg.gouv.messagerie.mail.imap.PlainFailures;
import tg.gouv.messagerie.mail.imap.PreAuthLimit;
import tg.gouv.messagerie.mail.imap.ReadOnly;
import tg.gouv.messagerie.mail.imap.WritabilityGate;
import tg.gouv.messagerie.mail.smtp.ConnectionLimit;
import tg.gouv.messagerie.mail.smtp.UnreadLimit;
import tg.gouv.messagerie.platform.tls.TlsIdentity;

/** James's IMAP servers, on our doors, with our identity and our guards in front. */
final class ImapServers extends IMAPServerFactory {
    /** How many commands run at once on one port, James's own default times ten; of each other connection one may wait. */
    private static final int COMMANDS_MAX = 200;

    /** How often an idling client hears something: address translators forget silent connections. */
    private static final Duration HEARTBEAT = Duration.ofMinutes(2);

    private final MailboxManager mailboxes;
    private final MetricFactory metrics;
    private final ImapCommandParserFactory parsers;
    private final StatusResponseFactory responses;
    private final MailSettings settings;
    private final Doors doors;
    private final TlsIdentity identity;

    @Inject
    ImapServers(
            FileSystem files,
            Provider<ImapDecoder> decoder,
            ImapCommandParserFactory parsers,
            StatusResponseFactory responses,
            Provider<ImapEncoder> encoder,
            Provider<ImapProcessor> processor,
            MetricFactory metrics,
            GaugeRegistry gauges,
            MailboxManager mailboxes,
            MailSettings settings,
            Doors doors,
            TlsIdentity identity) {
        super(files, decoder, encoder, processor, metrics, gauges);
        this.mailboxes = mailboxes;
        this.metrics = metrics;
        this.parsers = parsers;
        this.responses = responses;
        this.settings = settings;
        this.doors = doors;
        this.identity = identity;
    }

    @Override
    protected IMAPServer createServer() {
        return new Server(
                new EveryCommandAnswered(
                        new ReadOnly(new CommandBoundary(
                                new PlainFailures((DefaultProcessor) processor.get(), mailboxes, metrics))),
                        settings.imap()),
                encoder.get());
    }

    private final class Server extends IMAPServer {
        private final ImapProcessor commands;
        private @Nullable Door door;
        private IMAPServer.@Nullable AuthenticationConfiguration authentication;
        private final ReactiveThrottler throttler = new ReactiveThrottler(
                gaugeRegistry, COMMANDS_MAX, settings.imap().connectionsMax());
        private final ImapEncoder answers;

        Server(ImapProcessor commands, ImapEncoder answers) {
            super(new CommandDecoder(parsers, responses), answers, commands, imapMetrics, gaugeRegistry);
            this.commands = commands;
            this.answers = answers;
        }

        @Override
        public void doConfigure(HierarchicalConfiguration<ImmutableNode> configuration) throws ConfigurationException {
            super.doConfigure(configuration);
            authentication = IMAPServer.AuthenticationConfiguration.parse(configuration);
            door = doors.take(configuration, this);
        }

        @Override
        protected void configureHelloName(Configuration configuration) {
            // James's asks the DNS who we are
        }

        @Override
        public String getHelloName() {
            return settings.hostName();
        }

        @Override
        protected void buildSSLContext() {
            encryption = door == null ? null : door.encryption(identity);
        }

        /** James's, but for its greeting, which tells name and version. */
        @Override
        protected ChannelInboundHandlerAdapter createCoreHandler() {
            return ImapChannelUpstreamHandler.builder()
                    .reactiveThrottler(throttler)
                    .hello("IMAP4rev1 " + settings.hostName())
                    .processor(commands)
                    .encoder(answers)
                    .compress(false) // RFC 4978 beside TLS tells secrets by their length
                    .authenticationConfiguration(authentication)
                    .secure(getEncryption())
                    .imapMetrics(imapMetrics)
                    .heartbeatInterval(HEARTBEAT)
                    .ignoreIDLEUponProcessing(true)
                    .build();
        }

        @Override
        protected AbstractChannelPipelineFactory<SocketChannel> createPipelineFactory() {
            AbstractChannelPipelineFactory<?> james = super.createPipelineFactory();
            ConnectionLimit connections = new ConnectionLimit(
                    settings.imap().connectionsMax(),
                    settings.connectionsPerAddressMax(),
                    getEncryption() == null || getEncryption().isStartTLS()
                            ? "* BYE Trop de connexions / Too many connections\r\n"
                            : "");
            return new AbstractChannelPipelineFactory<>(getFrameHandlerFactory(), getExecutorGroup()) {
                @Override
                protected ChannelInboundHandlerAdapter createHandler() {
                    return createCoreHandler();
                }

                @Override
                protected void initChannel(SocketChannel channel) {
                    ImapSettings imap = settings.imap();
                    CommandLines lines =
                            new CommandLines(imap, settings.messageSizeMax().bytes(), settings.patience());
                    channel.pipeline()
                            .addLast("james", james)
                            .addBefore(NettyConstants.FRAMER, "connections", connections)
                            .addBefore(NettyConstants.FRAMER, "gate", new WritabilityGate(channel, settings.patience()))
                            .addBefore(NettyConstants.FRAMER, "unread", new UnreadLimit(settings.patience()))
                            .addBefore(NettyConstants.FRAMER, "lines", lines)
                            .addBefore(NettyConstants.FRAMER, "limit", new PreAuthLimit(imap, settings.patience()))
                            .addBefore(NettyConstants.CORE_HANDLER, "counter", lines.counter());
                }
            };
        }
    }
}
