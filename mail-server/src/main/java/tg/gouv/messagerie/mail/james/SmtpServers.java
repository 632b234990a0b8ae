package tg.gouv.messagerie.mail.james;

import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import javax.inject.Inject;
import org.apache.commons.configuration2.Configuration;
import org.apache.commons.configuration2.HierarchicalConfiguration;
import org.apache.commons.configuration2.ex.ConfigurationException;
import org.apache.commons.configuration2.tree.ImmutableNode;
import org.apache.james.dnsservice.api.DNSService;
import org.apache.james.filesystem.api.FileSystem;
import org.apache.james.metrics.api.MetricFactory;
import org.apache.james.protocols.api.ProtocolSession;
import org.apache.james.protocols.api.ProtocolTransport;
import org.apache.james.protocols.lib.handler.ProtocolHandlerLoader;
import org.apache.james.protocols.netty.AbstractChannelPipelineFactory;
import org.apache.james.protocols.smtp.SMTPConfiguration;
import org.apache.james.protocols.smtp.SMTPProtocol;
import org.apache.james.smtpserver.ExtendedSMTPSession;
import org.apache.james.smtpserver.netty.SMTPServer;
import org.apache.james.smtpserver.netty.SMTPServerFactory;
import org.apache.james.smtpserver.netty.SmtpMetrics;
import org.jspecify.annotations.Nullable;
import tg.gouv.messagerie.mail.MailSettings;
import tg.gouv.messagerie.mail.smtp.CommandWorkers;
import tg.gouv.messagerie.mail.smtp.LineBounds;
import tg.gouv.messagerie.mail.smtp.LineHandler;
import tg.gouv.messagerie.mail.smtp.LinePipeline;
import tg.gouv.messagerie.platform.tls.TlsIdentity;

/** James's SMTP servers, on our doors, with our identity, and with commands worked on where waiting is allowed. */
final class SmtpServers extends SMTPServerFactory {
    private final MailSettings settings;
    private final Doors doors;
    private final TlsIdentity identity;
    private final CommandWorkers workers;

    @Inject
    SmtpServers(
            DNSService dns,
            ProtocolHandlerLoader loader,
            FileSystem files,
            MetricFactory metrics,
            MailSettings settings,
            Doors doors,
            TlsIdentity identity,
            CommandWorkers workers) {
        super(dns, loader, files, metrics);
        this.settings = settings;
        this.doors = doors;
        this.identity = identity;
        this.workers = workers;
    }

    @Override
    protected SMTPServer createServer() {
        return new Server(smtpMetrics);
    }

    private LineBounds bounds(String door) {
        boolean transfer = door.equals("smtp");
        return new LineBounds(
                Math.max(Math.toIntExact(settings.lineLengthMax().bytes()), transfer ? 0 : LineHandler.AUTH_LENGTH_MAX),
                transfer
                        ? settings.transfer().connectionsMax()
                        : settings.submission().connectionsMax(),
                settings.connectionsPerAddressMax(),
                transfer
                        ? settings.transfer().errorsMax()
                        : settings.submission().errorsMax(),
                transfer
                        ? settings.transfer().idleTimeout()
                        : settings.submission().idleTimeout(),
                !transfer,
                settings.patience());
    }

    private final class Server extends SMTPServer {
        private final SmtpMetrics metrics;
        private @Nullable Door door;

        Server(SmtpMetrics metrics) {
            super(metrics);
            this.metrics = metrics;
        }

        @Override
        public void doConfigure(HierarchicalConfiguration<ImmutableNode> configuration) throws ConfigurationException {
            super.doConfigure(configuration);
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
            encryption = door().encryption(identity);
        }

        @Override
        protected AbstractChannelPipelineFactory<SocketChannel> createPipelineFactory() {
            return new LinePipeline(bounds(door().name()), workers, getEncryption(), this::createCoreHandler);
        }

        @Override
        protected ChannelInboundHandlerAdapter createCoreHandler() {
            SMTPConfiguration configuration = new SMTPHandlerConfigurationDataImpl();
            SMTPProtocol smtp = new SMTPProtocol(getProtocolHandlerChain(), configuration) {
                @Override
                public ProtocolSession newSession(ProtocolTransport transport) {
                    return new ExtendedSMTPSession(configuration, transport);
                }
            };
            return new LineHandler(smtp, getEncryption(), metrics, bounds(door().name()));
        }

        private Door door() {
            if (door == null) {
                throw new IllegalStateException("not configured");
            }
            return door;
        }
    }
}
