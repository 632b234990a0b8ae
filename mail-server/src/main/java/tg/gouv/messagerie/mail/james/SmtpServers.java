package tg.gouv.messagerie.mail.james;

import javax.inject.Inject;
import org.apache.commons.configuration2.Configuration;
import org.apache.commons.configuration2.HierarchicalConfiguration;
import org.apache.commons.configuration2.ex.ConfigurationException;
import org.apache.commons.configuration2.tree.ImmutableNode;
import org.apache.james.dnsservice.api.DNSService;
import org.apache.james.filesystem.api.FileSystem;
import org.apache.james.metrics.api.MetricFactory;
import org.apache.james.protocols.lib.handler.ProtocolHandlerLoader;
import org.apache.james.smtpserver.netty.SMTPServer;
import org.apache.james.smtpserver.netty.SMTPServerFactory;
import org.jspecify.annotations.Nullable;
import tg.gouv.messagerie.platform.tls.TlsIdentity;

/** James's SMTP servers, on our doors and with our identity. */
final class SmtpServers extends SMTPServerFactory {
    private final Doors doors;
    private final TlsIdentity identity;

    @Inject
    SmtpServers(
            DNSService dns,
            ProtocolHandlerLoader loader,
            FileSystem files,
            MetricFactory metrics,
            Doors doors,
            TlsIdentity identity) {
        super(dns, loader, files, metrics);
        this.doors = doors;
        this.identity = identity;
    }

    @Override
    @SuppressWarnings("unchecked") // James overrides with a raw type
    protected SMTPServer createServer() {
        return new SMTPServer(smtpMetrics) {
            private @Nullable Door door;

            @Override
            protected void configureHelloName(Configuration configuration) {
                // James would ask for this machine's own name first
            }

            @Override
            public String getHelloName() {
                return doors.hostName();
            }

            @Override
            public void doConfigure(HierarchicalConfiguration<ImmutableNode> configuration)
                    throws ConfigurationException {
                super.doConfigure(configuration);
                door = doors.take(configuration, this);
            }

            @Override
            protected void buildSSLContext() {
                encryption = door == null ? null : door.encryption(identity);
            }
        };
    }
}
