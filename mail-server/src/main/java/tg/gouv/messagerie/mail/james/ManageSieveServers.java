package tg.gouv.messagerie.mail.james;

import java.util.List;
import javax.inject.Inject;
import org.apache.commons.configuration2.Configuration;
import org.apache.commons.configuration2.HierarchicalConfiguration;
import org.apache.commons.configuration2.ex.ConfigurationException;
import org.apache.commons.configuration2.tree.ImmutableNode;
import org.apache.james.filesystem.api.FileSystem;
import org.apache.james.managesieve.api.commands.CoreCommands;
import org.apache.james.managesieve.transcode.ArgumentParser;
import org.apache.james.managesieve.transcode.ManageSieveProcessor;
import org.apache.james.managesieveserver.netty.ManageSieveServer;
import org.apache.james.managesieveserver.netty.ManageSieveServerFactory;
import org.apache.james.protocols.lib.netty.AbstractConfigurableAsyncServer;
import org.jspecify.annotations.Nullable;
import tg.gouv.messagerie.platform.tls.TlsIdentity;

/** James's ManageSieve server, on our door and with our identity. */
final class ManageSieveServers extends ManageSieveServerFactory {
    /** A command line without its literals; a script's name has 512 octets (RFC 5804 section 1.6). */
    private static final int LINE_MAX = 8_192;

    private final FileSystem files;
    private final CoreCommands commands;
    private final Doors doors;
    private final TlsIdentity identity;

    @Inject
    ManageSieveServers(FileSystem files, CoreCommands commands, Doors doors, TlsIdentity identity) {
        this.files = files;
        this.commands = commands;
        this.doors = doors;
        this.identity = identity;
    }

    @Override
    protected List<AbstractConfigurableAsyncServer> createServers(HierarchicalConfiguration<ImmutableNode> all)
            throws Exception {
        ManageSieveServer server = server(new ManageSieveProcessor(new ArgumentParser(commands)));
        server.setFileSystem(files);
        server.configure(all.configurationAt("managesieveserver"));
        return List.of(server);
    }

    @SuppressWarnings("unchecked") // James overrides with a raw type
    private ManageSieveServer server(ManageSieveProcessor processor) {
        return new ManageSieveServer(LINE_MAX, processor) {
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
            protected void doConfigure(HierarchicalConfiguration<ImmutableNode> configuration)
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
