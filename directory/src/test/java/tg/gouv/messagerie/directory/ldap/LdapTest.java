package tg.gouv.messagerie.directory.ldap;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.naming.Context;
import javax.naming.NamingEnumeration;
import javax.naming.NamingException;
import javax.naming.directory.SearchControls;
import javax.naming.directory.SearchResult;
import javax.naming.ldap.InitialLdapContext;
import javax.naming.ldap.LdapContext;
import javax.naming.ldap.StartTlsRequest;
import javax.naming.ldap.StartTlsResponse;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.PositionCode;
import tg.gouv.messagerie.directory.postgres.Directories;
import tg.gouv.messagerie.directory.postgres.DirectorySettings;
import tg.gouv.messagerie.directory.provisioning.Assignment;
import tg.gouv.messagerie.directory.provisioning.Entity;
import tg.gouv.messagerie.directory.provisioning.FunctionMailbox;
import tg.gouv.messagerie.directory.provisioning.Person;
import tg.gouv.messagerie.directory.provisioning.Person.RegistrationNumber;
import tg.gouv.messagerie.directory.provisioning.PersonName;
import tg.gouv.messagerie.directory.provisioning.Position;
import tg.gouv.messagerie.directory.provisioning.State;
import tg.gouv.messagerie.platform.audit.MemoryTrail;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Database;
import tg.gouv.messagerie.platform.database.DatabaseOver;
import tg.gouv.messagerie.platform.database.StoreUnavailable;
import tg.gouv.messagerie.platform.database.TestDatabase;
import tg.gouv.messagerie.platform.settings.ByteSize;
import tg.gouv.messagerie.platform.settings.Endpoint;
import tg.gouv.messagerie.platform.settings.Secret;
import tg.gouv.messagerie.platform.tls.TlsIdentities;
import tg.gouv.messagerie.platform.tls.TlsIdentity;
import tg.gouv.messagerie.platform.tls.TlsSettings;

/** A server of LDAP over a ministry of three, on real sockets, asked by the JDK's client. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings({"BanJNDI", "JdkObsolete"}) // the JDK's LDAP client is JNDI, and the server it asks is ours
abstract class LdapTest {
    static final String BASE = "dc=gouv,dc=tg";
    static final String KOFI = "uid=kofi.mensah,ou=people," + BASE;
    static final String ELISE = "uid=elise.kpodar,ou=people," + BASE;
    static final String SECRET = "une phrase de passe";

    @TempDir
    static Path folder;

    final MemoryTrail trail = new MemoryTrail();
    final AtomicBoolean away = new AtomicBoolean();
    Database database;
    Directories directories;
    TlsIdentity identity;
    LdapDirectory ldap;
    SSLSocketFactory trusting;

    @BeforeAll
    void open() throws Exception {
        Locale.setDefault(Locale.ROOT);
        database = database();
        Clock clock = Clock.systemUTC();
        SecureRandom random = new SecureRandom();
        directories =
                Directories.open(database, DirectorySettings.byDefault(), folder, trail, (_, _) -> {}, clock, random);
        directories.provisioning().apply(state());
        identity = TlsIdentities.open(TlsSettings.byDefault(), folder, clock, random);
        ldap = LdapDirectory.start(
                settings(),
                new LdapDirectory.Parts(
                        database,
                        directories.signIns(),
                        directories.sessions(),
                        directories.provisioning(),
                        directories.register(),
                        directories.rights(),
                        account -> account.primary().localPart().equals("elise.kpodar"),
                        trail,
                        identity,
                        clock));
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new Everybody()}, random);
        trusting = context.getSocketFactory();
        Trusting.factory = trusting;
    }

    @AfterAll
    void close() {
        ldap.close();
        identity.close();
        directories.close();
        database.close();
    }

    Database database() throws IOException {
        return new Away(TestDatabase.fresh(), away);
    }

    LdapSettings settings() {
        return new LdapSettings(
                Endpoint.parse("127.0.0.1:0"),
                Endpoint.parse("127.0.0.1:0"),
                Optional.empty(),
                4,
                4_000,
                2_000,
                ByteSize.parse("1MB"),
                Duration.ofSeconds(30),
                Duration.ofMinutes(15),
                Duration.ofSeconds(20),
                50,
                20);
    }

    private static State state() {
        EntityCode energy = new EntityCode("energie");
        PositionCode director = new PositionCode("directeur-budget");
        MailAddress kofi = MailAddress.of("kofi.mensah@gouv.tg");
        MailAddress elise = MailAddress.of("elise.kpodar@gouv.tg");
        List<Person> people = new ArrayList<>(
                List.of(person("1", "Kofi", "Mensah", kofi, energy), person("2", "Élise", "Kpodar", elise, energy)));
        for (int i = 0; i < 60; i++) {
            people.add(person("N" + i, "Ama" + i, "Nombreux", MailAddress.of("ama." + i + "@gouv.tg"), energy));
        }
        return new State(
                List.of("gouv.tg"),
                List.of(new Entity(energy, "Ministère de l'Énergie", Optional.empty())),
                List.of(new Position(director, "Directeur du Budget", energy)),
                people,
                List.of(new Assignment(kofi, director)),
                List.of(new FunctionMailbox(MailAddress.of("budget@gouv.tg"), "Budget", director)),
                Map.of(kofi, new Secret(SECRET), elise, new Secret(SECRET)));
    }

    private static Person person(String number, String given, String family, MailAddress address, EntityCode entity) {
        return new Person(
                Optional.of(new RegistrationNumber(number)),
                new PersonName(given, family),
                address,
                Locale.FRENCH,
                Optional.of(entity));
    }

    /** A connection in the clear. */
    LdapContext plain() throws NamingException {
        return new InitialLdapContext(
                environment("ldap://127.0.0.1:" + ldap.ports().get("ldap")), null);
    }

    /** Signed in over LDAPS. */
    LdapContext as(String name, String secret) throws NamingException {
        Hashtable<String, String> environment =
                environment("ldaps://127.0.0.1:" + ldap.ports().get("ldaps"));
        environment.put("java.naming.ldap.factory.socket", Trusting.class.getName());
        environment.put(Context.SECURITY_AUTHENTICATION, "simple");
        environment.put(Context.SECURITY_PRINCIPAL, name);
        environment.put(Context.SECURITY_CREDENTIALS, secret);
        return new InitialLdapContext(environment, null);
    }

    /** Signed in after StartTLS. */
    LdapContext startedTls(String name, String secret) throws NamingException, IOException {
        LdapContext context = plain();
        StartTlsResponse tls = (StartTlsResponse) context.extendedOperation(new StartTlsRequest());
        tls.setHostnameVerifier((_, _) -> true);
        tls.negotiate(trusting);
        context.addToEnvironment(Context.SECURITY_AUTHENTICATION, "simple");
        context.addToEnvironment(Context.SECURITY_PRINCIPAL, name);
        context.addToEnvironment(Context.SECURITY_CREDENTIALS, secret);
        context.reconnect(null);
        return context;
    }

    private static Hashtable<String, String> environment(String url) {
        Hashtable<String, String> environment = new Hashtable<>();
        environment.put(Context.INITIAL_CONTEXT_FACTORY, "com.sun.jndi.ldap.LdapCtxFactory");
        environment.put(Context.PROVIDER_URL, url);
        environment.put("com.sun.jndi.ldap.connect.timeout", "5000");
        environment.put("com.sun.jndi.ldap.read.timeout", "10000");
        environment.put("com.sun.jndi.ldap.object.disableEndpointIdentification", "true");
        return environment;
    }

    /** The names that a search finds. */
    static List<String> names(LdapContext context, String base, String filter) throws NamingException {
        return found(context, base, filter, SearchControls.SUBTREE_SCOPE).stream()
                .map(SearchResult::getNameInNamespace)
                .toList();
    }

    static List<SearchResult> found(LdapContext context, String base, String filter, int scope, String... attributes)
            throws NamingException {
        SearchControls controls = new SearchControls();
        controls.setSearchScope(scope);
        if (attributes.length > 0) {
            controls.setReturningAttributes(attributes);
        }
        NamingEnumeration<SearchResult> results = context.search(base, filter, controls);
        List<SearchResult> all = new ArrayList<>();
        while (results.hasMore()) {
            all.add(results.next());
        }
        return all;
    }

    /** How the JDK's client is told to trust. */
    public static final class Trusting extends SSLSocketFactory {
        static @Nullable SSLSocketFactory factory;

        private static SSLSocketFactory factory() {
            return Objects.requireNonNull(factory);
        }

        public static javax.net.SocketFactory getDefault() {
            return factory();
        }

        @Override
        public String[] getDefaultCipherSuites() {
            return factory().getDefaultCipherSuites();
        }

        @Override
        public String[] getSupportedCipherSuites() {
            return factory().getSupportedCipherSuites();
        }

        @Override
        public java.net.Socket createSocket(java.net.Socket socket, String host, int port, boolean close)
                throws IOException {
            return factory().createSocket(socket, host, port, close);
        }

        @Override
        public java.net.Socket createSocket(String host, int port) throws IOException {
            return factory().createSocket(host, port);
        }

        @Override
        public java.net.Socket createSocket(String host, int port, java.net.InetAddress from, int fromPort)
                throws IOException {
            return factory().createSocket(host, port, from, fromPort);
        }

        @Override
        public java.net.Socket createSocket(java.net.InetAddress host, int port) throws IOException {
            return factory().createSocket(host, port);
        }

        @Override
        public java.net.Socket createSocket(
                java.net.InetAddress host, int port, java.net.InetAddress from, int fromPort) throws IOException {
            return factory().createSocket(host, port, from, fromPort);
        }
    }

    /** The certificate is the private authority's, which is not what is tested here. */
    private static final class Everybody extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(
                java.security.cert.X509Certificate[] chain, String type, java.net.Socket socket) {}

        @Override
        public void checkServerTrusted(
                java.security.cert.X509Certificate[] chain, String type, java.net.Socket socket) {}

        @Override
        public void checkClientTrusted(
                java.security.cert.X509Certificate[] chain, String type, javax.net.ssl.SSLEngine engine) {}

        @Override
        public void checkServerTrusted(
                java.security.cert.X509Certificate[] chain, String type, javax.net.ssl.SSLEngine engine) {}

        @Override
        public void checkClientTrusted(java.security.cert.X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(java.security.cert.X509Certificate[] chain, String type) {}

        @Override
        public java.security.cert.X509Certificate[] getAcceptedIssuers() {
            return new java.security.cert.X509Certificate[0];
        }
    }

    /** A database that does not answer while it is away. */
    private record Away(Database database, AtomicBoolean away) implements DatabaseOver {
        @Override
        public Connections connections(String role, String schema, int most) {
            Connections real = database.connections(role, schema, most);
            return new Connections() {
                @Override
                public <T, X extends Exception> T autoCommit(Work<T, X> work) throws X {
                    demand();
                    return real.autoCommit(work);
                }

                @Override
                public <T, X extends Exception> T transaction(Work<T, X> work) throws X {
                    demand();
                    return real.transaction(work);
                }

                @Override
                public <T, X extends Exception> T together(Work<T, X> work) throws X {
                    demand();
                    return real.together(work);
                }
            };
        }

        private void demand() {
            if (away.get()) {
                throw new StoreUnavailable("it is away", true);
            }
        }
    }
}
