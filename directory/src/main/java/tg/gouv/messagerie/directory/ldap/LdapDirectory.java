package tg.gouv.messagerie.directory.ldap;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;
import org.apache.directory.api.ldap.model.message.UnbindRequest;
import org.apache.directory.api.ldap.model.schema.SchemaManager;
import org.apache.directory.server.ldap.LdapServer;
import org.apache.directory.server.ldap.LdapSession;
import org.apache.directory.server.ldap.handlers.LdapRequestHandler;
import org.apache.directory.server.ldap.handlers.request.AbandonRequestHandler;
import org.apache.directory.server.ldap.handlers.response.AddResponseHandler;
import org.apache.directory.server.ldap.handlers.response.BindResponseHandler;
import org.apache.directory.server.ldap.handlers.response.CompareResponseHandler;
import org.apache.directory.server.ldap.handlers.response.DeleteResponseHandler;
import org.apache.directory.server.ldap.handlers.response.ExtendedResponseHandler;
import org.apache.directory.server.ldap.handlers.response.IntermediateResponseHandler;
import org.apache.directory.server.ldap.handlers.response.ModifyDnResponseHandler;
import org.apache.directory.server.ldap.handlers.response.ModifyResponseHandler;
import org.apache.directory.server.ldap.handlers.response.SearchResultDoneHandler;
import org.apache.directory.server.ldap.handlers.response.SearchResultEntryHandler;
import org.apache.directory.server.ldap.handlers.response.SearchResultReferenceHandler;
import org.apache.mina.filter.codec.ProtocolCodecFilter;
import org.apache.mina.transport.socket.nio.NioSocketAcceptor;
import tg.gouv.messagerie.directory.provisioning.Provisioning;
import tg.gouv.messagerie.directory.provisioning.Register;
import tg.gouv.messagerie.directory.rights.Rights;
import tg.gouv.messagerie.directory.signin.Origin;
import tg.gouv.messagerie.directory.signin.Sessions;
import tg.gouv.messagerie.directory.signin.SignIns;
import tg.gouv.messagerie.platform.audit.Actor;
import tg.gouv.messagerie.platform.audit.AuditTrail;
import tg.gouv.messagerie.platform.audit.Circumstances;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Database;
import tg.gouv.messagerie.platform.database.Sql;
import tg.gouv.messagerie.platform.settings.Endpoint;
import tg.gouv.messagerie.platform.tls.TlsIdentity;

/*
 * From the wire: TLS, Guard (bounds), ApacheDS's codec, Turns (one request of a connection at a time, on a virtual thread), ApacheDS's
 * sessions, and a handler of ours for each request. Reads go to the tables, writes through ApacheDS's interceptors.
 */
/** The directory over LDAP, open until closed. */
public final class LdapDirectory implements AutoCloseable {
    private final ApacheCore core;
    private final Guard guard;
    private final Base base;
    private final NioSocketAcceptor plain;
    private final NioSocketAcceptor encrypted;

    /**
     * What it is made of.
     *
     * @param sessions end a connection when what its sign-in stands on does
     * @param provisioning does what the directory's own entries are changed by, and changes people's own passwords
     * @param register says what such a change begins from
     * @param rights open private attributes
     * @param writers who may do more than look up
     */
    public record Parts(
            Database database,
            SignIns signIns,
            Sessions sessions,
            Provisioning provisioning,
            Register register,
            Rights rights,
            LdapWriters writers,
            AuditTrail trail,
            TlsIdentity identity,
            Clock clock) {}

    private LdapDirectory(
            ApacheCore core, Guard guard, Base base, NioSocketAcceptor plain, NioSocketAcceptor encrypted) {
        this.core = core;
        this.guard = guard;
        this.base = base;
        this.plain = plain;
        this.encrypted = encrypted;
    }

    /**
     * Listens.
     *
     * @throws LdapRefused if it cannot
     */
    public static LdapDirectory start(LdapSettings settings, Parts parts) {
        SchemaManager schema = GouvSchema.load();
        Connections connections = parts.database().connections("ldap", "directory", settings.databaseConnectionsMax());
        Base base = Base.of(schema, settings.base().orElseGet(() -> firstDomain(connections)));
        Tree tree = new Tree(connections, base);
        int requestBytesMax = (int) settings.requestSizeMax().bytes();
        ApacheCore core = ApacheCore.start(schema, tree, parts.clock(), requestBytesMax);
        Guard guard = new Guard(settings);
        LdapServer server = server(settings, parts, schema, tree, core);
        NioSocketAcceptor plain = acceptor(server, guard);
        NioSocketAcceptor encrypted = acceptor(server, guard);
        encrypted
                .getFilterChain()
                .addFirst(
                        Client.TLS, ExtendedHandler.encryption(parts.identity().serverContext()));
        LdapDirectory directory = new LdapDirectory(core, guard, base, plain, encrypted);
        try {
            bind(plain, "ldap.listen", settings.listen());
            bind(encrypted, "ldap.listen-tls", settings.listenTls());
            return directory;
        } catch (RuntimeException e) {
            directory.close();
            throw e;
        }
    }

    private static LdapServer server(
            LdapSettings settings, Parts parts, SchemaManager schema, Tree tree, ApacheCore core) {
        OwnPassword.Audited audited = (client, who) -> new Circumstances(
                parts.clock().instant(),
                new Actor.Account(who.account().id().value()),
                Optional.empty(),
                new tg.gouv.messagerie.platform.audit.Origin.Remote(
                        Origin.of(client.address()).network(), "ldap"));
        LdapServer server = new LdapServer();
        server.setDirectoryService(core.service());
        RootEntries.CONTROLS.forEach(server.getSupportedControls()::add);
        Writes writes =
                new Writes(tree, core, parts.trail(), audited, new Acts(tree, parts.register(), parts.provisioning()));
        server.setAbandonHandler(new AbandonRequestHandler());
        server.setUnbindHandler(new Unbind());
        server.setBindHandlers(
                new BindHandler(
                        tree,
                        parts.signIns(),
                        parts.sessions(),
                        (account, name) -> new Client.Who(
                                account,
                                name,
                                parts.writers().mayWriteApplications(account),
                                new Sight(account.id(), parts.rights(), parts.register()))),
                new BindResponseHandler());
        server.setSearchHandlers(
                new SearchHandler(tree, schema, settings, new RootEntries(schema, tree.base())),
                new SearchResultEntryHandler(),
                new SearchResultReferenceHandler(),
                new SearchResultDoneHandler());
        server.setCompareHandlers(new CompareHandler(tree), new CompareResponseHandler());
        server.setAddHandlers(writes.add(), new AddResponseHandler());
        server.setDeleteHandlers(writes.delete(), new DeleteResponseHandler());
        server.setModifyHandlers(writes.modify(), new ModifyResponseHandler());
        server.setModifyDnHandlers(writes.modifyDn(), new ModifyDnResponseHandler());
        server.setIntermediateHandler(new IntermediateResponseHandler());
        server.setExtendedHandlers(
                new ExtendedHandler(
                        parts.identity().serverContext(),
                        tree.base(),
                        new OwnPassword(tree, parts.signIns(), parts.provisioning(), audited)),
                new ExtendedResponseHandler());
        return server;
    }

    private static NioSocketAcceptor acceptor(LdapServer server, Guard guard) {
        NioSocketAcceptor acceptor =
                new NioSocketAcceptor(Math.max(1, Runtime.getRuntime().availableProcessors()));
        acceptor.setReuseAddress(true);
        acceptor.setCloseOnDeactivation(true);
        acceptor.setBacklog(200);
        acceptor.getSessionConfig().setTcpNoDelay(true);
        acceptor.getFilterChain().addLast("guard", guard);
        acceptor.getFilterChain().addLast("codec", new ProtocolCodecFilter(server.getProtocolCodecFactory()));
        acceptor.getFilterChain().addLast("turns", new Turns());
        acceptor.setHandler(server.getHandler());
        return acceptor;
    }

    private static void bind(NioSocketAcceptor acceptor, String setting, Endpoint endpoint) {
        try {
            acceptor.bind(new InetSocketAddress(InetAddress.getByName(endpoint.host()), endpoint.port()));
        } catch (IOException e) {
            throw new LdapRefused(setting + " = \"" + endpoint + "\": " + e.getMessage(), e);
        }
    }

    private static String firstDomain(Connections connections) {
        return connections
                .autoCommit(c ->
                        Sql.first(c, row -> row.getString(1), "select name from domain order by made, name limit 1"))
                .map(Base::ofDomain)
                .orElse("dc=local");
    }

    /** The ports it listens on, by name. */
    public SequencedMap<String, Integer> ports() {
        SequencedMap<String, Integer> ports = new LinkedHashMap<>();
        ports.put("ldap", plain.getLocalAddress().getPort());
        ports.put("ldaps", encrypted.getLocalAddress().getPort());
        return ports;
    }

    /** The name below which every entry is. */
    public String base() {
        return base.dn().getName();
    }

    /** Whether it listens. */
    public boolean isWell() {
        return plain.isActive() && encrypted.isActive();
    }

    /** How many clients are connected. */
    public int connected() {
        return guard.connected();
    }

    @Override
    public void close() {
        plain.dispose();
        encrypted.dispose();
        guard.close();
        core.close();
    }

    private static final class Unbind extends LdapRequestHandler<UnbindRequest> {
        @Override
        public void handle(LdapSession session, UnbindRequest request) {
            session.getIoSession().closeOnFlush();
        }
    }
}
