package tg.gouv.messagerie.directory.openid;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.text.ParseException;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import tg.gouv.messagerie.directory.signin.AccessTokens;
import tg.gouv.messagerie.directory.signin.OpenIdSettings;
import tg.gouv.messagerie.platform.settings.Secret;

/*
 * What costs nothing is looked at first: whoever sends tokens that do not even claim to be the provider's makes us ask nobody. Nothing that
 * a token says of where its key may be found is read (jku, x5u, jwk of RFC 7515 section 4.1), and no symmetric algorithm is known: the
 * provider's public key is nobody's secret (RFC 8725 section 2.1).
 */
/** A provider's access tokens: JSON Web Tokens (RFC 9068), checked here, without asking the provider about each. */
public final class OpenIdProvider implements AccessTokens, AutoCloseable {
    /** What fits into a line of AUTH in base64 (RFC 4954 section 4). */
    private static final int TOKEN_MAX = 8_192;

    /** RFC 9068 section 2.1, and what many providers write in its place. */
    private static final Set<String> TYPES = Set.of("at+jwt", "application/at+jwt", "jwt");

    private static final String EMAIL = "email";

    private final OpenIdSettings settings;
    private final ProviderKeys keys;

    private OpenIdProvider(OpenIdSettings settings) {
        this.settings = settings;
        this.keys = new ProviderKeys(settings);
    }

    /**
     * The provider of the settings; it is asked for nothing before the first token comes.
     *
     * @throws tg.gouv.messagerie.platform.tls.TlsRefused if the file of its authorities cannot be read
     */
    public static OpenIdProvider open(OpenIdSettings settings) {
        return new OpenIdProvider(settings);
    }

    @Override
    public Judged judge(Secret token, Instant now) {
        if (token.reveal().length() > TOKEN_MAX) {
            return new Judged.Wrong(Reason.MALFORMED);
        }
        try {
            SignedJWT jwt = SignedJWT.parse(token.reveal());
            JWTClaimsSet claims = jwt.getJWTClaimsSet();
            return unsigned(jwt.getHeader(), claims)
                    .or(() -> signature(jwt))
                    .or(() -> signed(claims, now))
                    .<Judged>map(Judged.Wrong::new)
                    .orElseGet(() -> right(claims));
        } catch (ParseException | IllegalArgumentException e) { // "none" too: it is no JWS
            return new Judged.Wrong(Reason.MALFORMED);
        }
    }

    /** What is wrong with what it claims to be. */
    private Optional<Reason> unsigned(JWSHeader header, JWTClaimsSet claims) {
        if (!settings.algorithms().contains(header.getAlgorithm().getName())) {
            return Optional.of(Reason.ALGORITHM);
        }
        if (header.getType() != null
                && !TYPES.contains(header.getType().getType().toLowerCase(Locale.ROOT))) {
            return Optional.of(Reason.TYPE);
        }
        return settings.issuer().equals(claims.getIssuer()) ? Optional.empty() : Optional.of(Reason.ISSUER);
    }

    private Optional<Reason> signature(SignedJWT jwt) {
        List<JWK> fitting = keys.fitting(jwt.getHeader());
        if (fitting.isEmpty()) {
            return Optional.of(Reason.KEY);
        }
        return fitting.stream().anyMatch(key -> isSignedWith(key, jwt))
                ? Optional.empty()
                : Optional.of(Reason.SIGNATURE);
    }

    private static boolean isSignedWith(JWK key, SignedJWT jwt) {
        try {
            return jwt.verify(new DefaultJWSVerifierFactory()
                    .createJWSVerifier(jwt.getHeader(), ((AsymmetricJWK) key).toPublicKey()));
        } catch (JOSEException e) {
            return false; // a key that fits no signature
        }
    }

    /** What is wrong with what the provider says. */
    private Optional<Reason> signed(JWTClaimsSet claims, Instant now) {
        Date expires = claims.getExpirationTime();
        Date issued = claims.getIssueTime();
        if (expires == null || issued == null || account(claims).isEmpty()) { // RFC 9068 section 2.2
            return Optional.of(Reason.MALFORMED);
        }
        if (!claims.getAudience().contains(settings.audience())) {
            return Optional.of(Reason.AUDIENCE);
        }
        if (claims.getClaim("cnf") != null) {
            return Optional.of(Reason.BOUND);
        }
        if (settings.scope().filter(it -> !scopes(claims).contains(it)).isPresent()) {
            return Optional.of(Reason.SCOPE);
        }
        Date from = claims.getNotBeforeTime();
        Instant latest = now.plus(settings.clockSkew());
        if (issued.toInstant().isAfter(latest)
                || (from != null && from.toInstant().isAfter(latest))) {
            return Optional.of(Reason.NOT_YET);
        }
        return until(claims).isAfter(now) ? Optional.empty() : Optional.of(Reason.EXPIRED);
    }

    private Judged.Right right(JWTClaimsSet claims) {
        return new Judged.Right(
                account(claims).orElseThrow(), claims.getIssueTime().toInstant(), until(claims), words(claims, "amr"));
    }

    private Instant until(JWTClaimsSet claims) {
        return claims.getExpirationTime().toInstant().plus(settings.clockSkew());
    }

    /** An address that the provider says it has not verified names nobody (OpenID Connect Core 1.0 section 5.7). */
    private Optional<String> account(JWTClaimsSet claims) {
        boolean verified = !settings.accountClaim().equals(EMAIL)
                || !List.of(false, "false").contains(claims.getClaims().getOrDefault("email_verified", true));
        return verified && claims.getClaim(settings.accountClaim()) instanceof String text
                ? Optional.of(text)
                : Optional.empty();
    }

    /** RFC 9068 section 2.2.3: words with spaces between; some providers write a list. */
    private static Set<String> scopes(JWTClaimsSet claims) {
        return claims.getClaim("scope") instanceof String text
                ? Set.copyOf(List.of(text.split(" ", -1)).stream().distinct().toList())
                : words(claims, "scope");
    }

    private static Set<String> words(JWTClaimsSet claims, String name) {
        try {
            List<String> words = claims.getStringListClaim(name);
            return words == null ? Set.of() : Set.copyOf(words);
        } catch (ParseException | NullPointerException e) {
            return Set.of();
        }
    }

    /** Asks the provider for nothing any more. */
    @Override
    public void close() {
        keys.close();
    }
}
