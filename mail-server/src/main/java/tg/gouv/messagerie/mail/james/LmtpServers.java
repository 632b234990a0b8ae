package tg.gouv.messagerie.mail.james;

import javax.inject.Inject;
import org.apache.commons.configuration2.Configuration;
import org.apache.commons.configuration2.HierarchicalConfiguration;
import org.apache.commons.configuration2.ex.ConfigurationException;
import org.apache.commons.configuration2.tree.ImmutableNode;
import org.apache.james.filesystem.api.FileSystem;
import org.apache.james.lmtpserver.netty.LMTPServer;
import org.apache.james.lmtpserver.netty.LMTPServerFactory;
import org.apache.james.metrics.api.MetricFactory;
import org.apache.james.protocols.lib.handler.ProtocolHandlerLoader;

/** James's LMTP server, on our door; in clear, since it belongs on the loopback interface. */
final class LmtpServers extends LMTPServerFactory {
    private final Doors doors;

    @Inject
    LmtpServers(ProtocolHandlerLoader loader, FileSystem files, MetricFactory metrics, Doors doors) {
        super(loader, files, metrics);
        this.doors = doors;
    }

    @Override
    @SuppressWarnings("unchecked") // James overrides with a raw type
    protected LMTPServer createServer() {
        return new LMTPServer(lmtpMetrics) {
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
                doors.take(configuration, this);
            }
        };
    }
}
