package tg.gouv.messagerie.mail.james;

import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.socket.SocketChannel;
import javax.inject.Inject;
import javax.inject.Provider;
import org.apache.commons.configuration2.Configuration;
import org.apache.commons.configuration2.HierarchicalConfiguration;
import org.apache.commons.configuration2.tree.ImmutableNode;
import org.apache.commons.configuration2.ex.ConfigurationException;
import org.apache.james.filesystem.api.FileSystem;
import org.apache.james.imap.api.process.ImapProcessor;
import org.apache.james.imap.decode.ImapDecoder;
import org.apache.james.imap.encode.ImapEncoder;
import org.apache.james.imapserver.netty.IMAPServer;
import org.apache.james.imapserver.netty.IMAPServerFactory;
import org.apache.james.imapserver.netty.NettyConstants;
import org.apache.james.metrics.api.GaugeRegistry;
import org.apache.james.metrics.api.MetricFactory;
import org.apache.james.protocols.netty.AbstractChannelPipelineFactory;
import org.jspecify.annotations.Nullable;
import tg.gouv.messagerie.mail.MailSettings;
import tg.gouv.messagerie.mail.imap.BoundedDecoder;
import tg.gouv.messagerie.mail.imap.ImapSettings;
import tg.gouv.messagerie.mail.imap.PreAuthLimit;
import tg.gouv.messagerie.mail.imap.WritabilityGate;
import tg.gouv.messagerie.platform.tls.TlsIdentity;

/** James's IMAP servers, on our doors, with our identity and our guards in front. */
final class ImapServers extends IMAPServerFactory {
    private final ImapSettings settings;
    private final int literalMax;
    private final Doors doors;
    private final TlsIdentity identity;

    @Inject
    ImapServers(
            FileSystem files,
            Provider<ImapDecoder> decoder,
            Provider<ImapEncoder> encoder,
            Provider<ImapProcessor> processor,
            MetricFactory metrics,
            GaugeRegistry gauges,
            MailSettings settings,
            Doors doors,
            TlsIdentity identity) {
        super(files, decoder, encoder, processor, metrics, gauges);
        this.settings = settings.imap();
        this.literalMax = Math.toIntExact(settings.messageSizeMax().bytes());
        this.doors = doors;
        this.identity = identity;
    }

    @Override
    @SuppressWarnings("unchecked") // James overrides with a raw type
    protected IMAPServer createServer() {
        ImapDecoder imapDecoder = decoder.get();
        return new IMAPServer(imapDecoder, encoder.get(), processor.get(), imapMetrics, gaugeRegistry) {
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

            @Override
            protected AbstractChannelPipelineFactory<SocketChannel> createPipelineFactory() {
                ChannelInitializer<SocketChannel> james = super.createPipelineFactory();
                return new AbstractChannelPipelineFactory<SocketChannel>(getFrameHandlerFactory(), getExecutorGroup()) {
                    @Override
                    protected ChannelInboundHandlerAdapter createHandler() {
                        return createCoreHandler();
                    }

                    @Override
                    protected void initChannel(SocketChannel channel) {
                        channel.pipeline()
                                .addLast("james", james)
                                .addBefore(NettyConstants.FRAMER, "limit", new PreAuthLimit(settings))
                                .addBefore(NettyConstants.FRAMER, "gate", new WritabilityGate(channel, settings));
                        channel.pipeline()
                                .replace(
                                        NettyConstants.REQUEST_DECODER,
                                        NettyConstants.REQUEST_DECODER,
                                        new BoundedDecoder(imapDecoder, literalMax));
                    }
                };
            }
        };
    }
}
