package tg.gouv.messagerie.directory.openid;

import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tg.gouv.messagerie.directory.signin.OpenIdSettings;
import tg.gouv.messagerie.directory.signin.ProviderUnavailable;
import tg.gouv.messagerie.platform.tls.TrustedAuthorities;

/*
 * A key that is known is never waited for: when the set is old it is fetched behind the back of who signs in. A key that is not known is
 * fetched once for all who wait for it, and not again before keys-again: who invents names of keys makes us ask no more often. In between,
 * nobody can tell whether the provider has such a key by now, and says so (ProviderUnavailable).
 */
/** The keys with which a provider signs (RFC 7517), fetched over TLS, known for some time. */
final class ProviderKeys implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ProviderKeys.class);

    /** Of a configuration or a set of keys, in octets. */
    private static final int ANSWER_MAX = 256 * 1024;

    /** How many keys of one name and kind are tried. */
    private static final int TRIED_MAX = 5;

    private static final int RSA_BITS_MIN = 2_048; // RFC 7518 section 3.3

    private final OpenIdSettings settings;
    private final HttpClient client;
    private final ReentrantLock asking = new ReentrantLock();
    private volatile Optional<Known> known = Optional.empty();

    /** When the provider was asked last, whatever it said. */
    private volatile @Nullable Long askedAt;

    /** Keys, and when they were fetched. */
    private record Known(JWKSet keys, long at) {
        boolean isOlder(Duration than) {
            return System.nanoTime() - at > than.toNanos();
        }

        List<JWK> fitting(JWSHeader header) {
            return new JWKSelector(JWKMatcher.forJWSHeader(header))
                    .select(keys).stream()
                            .filter(it -> it.getKeyUse() == null || KeyUse.SIGNATURE.equals(it.getKeyUse()))
                            .filter(it -> !(it instanceof RSAKey rsa) || rsa.size() >= RSA_BITS_MIN)
                            .limit(TRIED_MAX)
                            .toList();
        }
    }

    ProviderKeys(OpenIdSettings settings) {
        this.settings = settings;
        this.client = HttpClient.newBuilder()
                .connectTimeout(settings.timeout())
                .followRedirects(HttpClient.Redirect.NEVER)
                .sslContext(TrustedAuthorities.context(settings.authority(), "directory.sign-in.openid.authority"))
                .build();
    }

    /**
     * The keys with which a token of this header may be signed.
     *
     * @return none if the provider has no such key
     * @throws ProviderUnavailable if nobody can tell
     */
    List<JWK> fitting(JWSHeader header) {
        List<JWK> before = fitting(known, header);
        if (!before.isEmpty()) {
            if (known.orElseThrow().isOlder(settings.keysFor()) && mayAsk()) {
                Thread.ofVirtual().name("openid-keys").start(this::askQuietly);
            }
            return before;
        }
        Known fetched = fetched();
        return fetched.fitting(header);
    }

    private List<JWK> fitting(Optional<Known> some, JWSHeader header) {
        return some.filter(it -> !it.isOlder(settings.keysKept()))
                .map(it -> it.fitting(header))
                .orElse(List.of());
    }

    private boolean mayAsk() {
        Long last = askedAt;
        return last == null || System.nanoTime() - last > settings.keysAgain().toNanos();
    }

    /** What the provider has now; asked by one for all who wait. */
    private Known fetched() {
        Optional<Known> before = known;
        asking.lock();
        try {
            if (!known.equals(before)) {
                return known.orElseThrow(); // somebody else asked meanwhile
            }
            if (!mayAsk()) {
                throw new ProviderUnavailable("the provider " + settings.issuer() + " was asked for its keys just now");
            }
            return ask();
        } finally {
            asking.unlock();
        }
    }

    private void askQuietly() {
        if (asking.tryLock()) {
            try {
                if (mayAsk()) {
                    ask();
                }
            } catch (ProviderUnavailable e) {
                LOG.debug("event=openid-keys-kept", e); // it was told
            } finally {
                asking.unlock();
            }
        }
    }

    private Known ask() {
        askedAt = System.nanoTime();
        try {
            URI place = keysUrl(JSONObjectUtils.parse(read(settings.configuration())));
            Known fresh = new Known(JWKSet.parse(read(place)), System.nanoTime());
            known = Optional.of(fresh);
            LOG.info(
                    "event=openid-keys-fetched issuer={} keys={}",
                    settings.issuer(),
                    fresh.keys().size());
            return fresh;
        } catch (IOException | ParseException | IllegalArgumentException e) {
            LOG.warn("event=openid-provider-away issuer={} reason=\"{}\"", settings.issuer(), e.getMessage());
            throw new ProviderUnavailable("the provider " + settings.issuer() + " does not give its keys", e);
        }
    }

    private URI keysUrl(Map<String, Object> configuration) throws IOException, ParseException {
        if (!settings.issuer().equals(JSONObjectUtils.getString(configuration, "issuer"))) {
            throw new IOException("its configuration is another issuer's"); // OpenID Connect Discovery 1.0 section 4.3
        }
        URI place = URI.create(String.valueOf(JSONObjectUtils.getString(configuration, "jwks_uri")));
        if (!"https".equals(place.getScheme())) {
            throw new IOException("its jwks_uri is no https URL");
        }
        return place;
    }

    private String read(URI place) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(place)
                .timeout(settings.timeout())
                .header("Accept", "application/json")
                .build();
        CompletableFuture<HttpResponse<String>> answer = client.sendAsync(
                request, BodyHandlers.limiting(BodyHandlers.ofString(StandardCharsets.UTF_8), ANSWER_MAX));
        try {
            HttpResponse<String> response = answer.get(settings.timeout().toMillis(), TimeUnit.MILLISECONDS);
            if (response.statusCode() != 200) {
                throw new IOException(place + " answers " + response.statusCode());
            }
            return response.body();
        } catch (ExecutionException e) {
            throw new IOException(place + ": " + e.getCause(), e);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new IOException(place + " takes too long", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
