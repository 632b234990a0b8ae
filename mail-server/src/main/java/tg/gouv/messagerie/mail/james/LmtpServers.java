package tg.gouv.messagerie.mail.james;

import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import javax.inject.Inject;
import org.apache.commons.configuration2.Configuration;
import org.apache.commons.configuration2.HierarchicalConfiguration;
import org.apache.commons.configuration2.ex.ConfigurationException;
import org.apache.commons.configuration2.tree.ImmutableNode;
import org.apache.james.filesystem.api.FileSystem;
import org.apache.james.lmtpserver.netty.LMTPMetricsImpl;
import org.apache.james.lmtpserver.netty.LMTPServer;
import org.apache.james.lmtpserver.netty.LMTPServerFactory;
import org.apache.james.metrics.api.MetricFactory;
import org.apache.james.protocols.api.ProtocolSession;
import org.apache.james.protocols.api.ProtocolTransport;
import org.apache.james.protocols.lib.handler.ProtocolHandlerLoader;
import org.apache.james.protocols.netty.AbstractChannelPipelineFactory;
import org.apache.james.protocols.smtp.SMTPProtocol;
import org.apache.james.smtpserver.ExtendedSMTPSession;
import tg.gouv.messagerie.mail.MailSettings;
import tg.gouv.messagerie.mail.smtp.CommandWorkers;
import tg.gouv.messagerie.mail.smtp.LineBounds;
import tg.gouv.messagerie.mail.smtp.LineHandler;
import tg.gouv.messagerie.mail.smtp.LinePipeline;

/** James's LMTP server, on our door; in clear, since it listens on the loopback interface only. */
final class LmtpServers extends LMTPServerFactory {
    private final MailSettings settings;
    private final Doors doors;
    private final CommandWorkers workers;

    @Inject
    LmtpServers(
            ProtocolHandlerLoader loader,
            FileSystem files,
            MetricFactory metrics,
            MailSettings settings,
            Doors doors,
            CommandWorkers workers) {
        super(loader, files, metrics);
        this.settings = settings;
        this.doors = doors;
        this.workers = workers;
    }

    @Override
    protected LMTPServer createServer() {
        return new Server(lmtpMetrics);
    }

    private LineBounds bounds() {
        return new LineBounds(
                Math.toIntExact(settings.lineLengthMax().bytes()),
                settings.lmtp().connectionsMax(),
                settings.connectionsPerAddressMax(),
                settings.transfer().errorsMax(),
                settings.lmtp().idleTimeout(),
                false,
                settings.patience());
    }

    private final class Server extends LMTPServer {
        private final LMTPMetricsImpl metrics;

        Server(LMTPMetricsImpl metrics) {
            super(metrics);
            this.metrics = metrics;
        }

        @Override
        public void doConfigure(HierarchicalConfiguration<ImmutableNode> configuration) throws ConfigurationException {
            super.doConfigure(configuration);
            doors.take(configuration, this);
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
        protected AbstractChannelPipelineFactory<SocketChannel> createPipelineFactory() {
            return new LinePipeline(bounds(), workers, null, this::createCoreHandler);
        }

        @Override
        protected ChannelInboundHandlerAdapter createCoreHandler() {
            LMTPConfigurationImpl configuration = new LMTPConfigurationImpl() {
                @Override
                public String getGreeting() {
                    return settings.hostName() + " LMTP Messagerie"; // James's own greeting names itself
                }
            };
            SMTPProtocol lmtp = new SMTPProtocol(getProtocolHandlerChain(), configuration) {
                @Override
                public ProtocolSession newSession(ProtocolTransport transport) {
                    return new ExtendedSMTPSession(configuration, transport);
                }
            };
            return new LineHandler(lmtp, null, metrics, bounds());
        }
    }
}
