package tg.gouv.messagerie.platform.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/*
 * JSSE asks three times per handshake: which alias, its key, its chain. An identity may be replaced in between, so each one has
 * an alias of its own, and the one before stays known.
 */
/** Presents, at each handshake, the identity that is current then. */
final class CurrentKeyManager extends X509ExtendedKeyManager {
    private final AtomicReference<Shown> shown;

    CurrentKeyManager(Credential first) {
        shown = new AtomicReference<>(new Shown(0, first, null));
    }

    /** The identity of the next handshake. */
    Credential current() {
        return now().credential();
    }

    /** Shows another identity from the next handshake on. */
    void show(Credential next) {
        shown.updateAndGet(now -> new Shown(now.number() + 1, next, now.credential()));
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        Shown now = now();
        return now.credential().key().getAlgorithm().equals(keyType) ? Long.toString(now.number()) : null;
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return chooseEngineServerAlias(keyType, issuers, null);
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        String alias = chooseEngineServerAlias(keyType, issuers, null);
        return alias == null ? null : new String[] {alias};
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        Credential named = named(alias);
        return named == null ? null : named.chain().toArray(X509Certificate[]::new);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        Credential named = named(alias);
        return named == null ? null : named.key();
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null; // this is a server's
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }

    private @Nullable Credential named(String alias) {
        Shown now = now();
        if (alias.equals(Long.toString(now.number()))) {
            return now.credential();
        }
        return alias.equals(Long.toString(now.number() - 1)) ? now.before() : null;
    }

    private Shown now() {
        return Objects.requireNonNull(shown.get());
    }

    private record Shown(
            long number, Credential credential, @Nullable Credential before) {}
}
