package tg.gouv.messagerie.deploy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import tg.gouv.messagerie.platform.tls.TlsIdentities;
import tg.gouv.messagerie.platform.tls.TlsIdentity;
import tg.gouv.messagerie.platform.tls.TlsSettings;

/** A small provider of identities: a configuration and a set of keys over TLS, and tokens signed with them. */
final class TestProvider implements AutoCloseable {
    static final String AUDIENCE = "messagerie.gouv.tg";

    private final TlsIdentity identity;
    private final List<RSAKey> published = new CopyOnWriteArrayList<>();
    private final AtomicInteger asked = new AtomicInteger();
    private final int port;
    private @Nullable HttpsServer server;
    private RSAKey key;

    /**
     * Begins to answer.
     *
     * @param folder for its certificate
     */
    TestProvider(Path folder) throws IOException {
        identity = TlsIdentities.open(TlsSettings.byDefault(), folder, Clock.systemUTC(), new SecureRandom());
        key = fresh();
        published.add(key);
        port = listen(0);
    }

    private int listen(int wanted) throws IOException {
        HttpsServer fresh = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), wanted), 0);
        fresh.setHttpsConfigurator(new HttpsConfigurator(identity.serverContext()));
        fresh.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        fresh.createContext(
                "/.well-known/openid-configuration",
                exchange ->
                        answer(exchange, "{\"issuer\":\"" + issuer() + "\",\"jwks_uri\":\"" + issuer() + "/keys\"}"));
        fresh.createContext("/keys", exchange -> {
            asked.incrementAndGet();
            answer(exchange, new JWKSet(List.copyOf(published)).toString(true));
        });
        fresh.start();
        server = fresh;
        return fresh.getAddress().getPort();
    }

    private static void answer(HttpExchange exchange, String json) throws IOException {
        try (exchange) {
            byte[] body = json.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    String issuer() {
        return "https://localhost:" + port;
    }

    /** The certificate of who signed its own. */
    Path authority() {
        return identity.authority();
    }

    /** How often it was asked for its keys. */
    int asked() {
        return asked.get();
    }

    /** The key with which it signs. */
    RSAKey key() {
        return key;
    }

    /** A key that it does not publish. */
    static RSAKey fresh() {
        try {
            return new RSAKeyGenerator(2_048)
                    .keyID(UUID.randomUUID().toString())
                    .generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Signs with another key from now on, and publishes it; the one before is published still. */
    void rotate() {
        key = fresh();
        published.add(key);
    }

    /** Answers no more. */
    void away() {
        if (server != null) {
            server.stop(0);
            server = null;
        }
    }

    /** Answers again, where it did. */
    void back() throws IOException {
        listen(port);
    }

    /** What it says of somebody now. */
    JWTClaimsSet.Builder claims(String email) {
        Instant now = Instant.now();
        return new JWTClaimsSet.Builder()
                .issuer(issuer())
                .audience(List.of("another", AUDIENCE))
                .subject(UUID.randomUUID().toString())
                .jwtID(UUID.randomUUID().toString())
                .claim("email", email)
                .claim("client_id", "thunderbird")
                .issueTime(Date.from(now.minusSeconds(1)))
                .expirationTime(Date.from(now.plusSeconds(300)));
    }

    /** A token for somebody. */
    String token(String email) {
        return signed(claims(email).build());
    }

    /** What it says, signed. */
    String signed(JWTClaimsSet claims) {
        return signed(claims, key);
    }

    /** The same, signed with this key. */
    static String signed(JWTClaimsSet claims, RSAKey with) {
        try {
            SignedJWT jwt = new SignedJWT(
                    new JWSHeader.Builder(JWSAlgorithm.RS256)
                            .keyID(with.getKeyID())
                            .type(new JOSEObjectType("at+jwt"))
                            .build(),
                    claims);
            jwt.sign(new RSASSASigner(with));
            return jwt.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        away();
        identity.close();
    }
}
