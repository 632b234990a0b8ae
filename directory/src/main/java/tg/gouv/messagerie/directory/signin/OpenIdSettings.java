package tg.gouv.messagerie.directory.signin;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tg.gouv.messagerie.platform.settings.Doc;

/** A provider of identities whose access tokens sign people in, beside their own secrets. */
public record OpenIdSettings(
        @Doc("The provider's issuer: an https URL, as its tokens name it (iss) and below which its configuration is"
                + " (/.well-known/openid-configuration).")
        String issuer,

        @Doc("For whom a token must be meant: a value of its aud.")
        String audience,

        @Doc(
                value =
                        "The claim that names the account, by any of its addresses; nobody's account is made by a token.",
                byDefault = "\"email\"")
        String accountClaim,

        @Doc("A scope that a token must have; clients are told to ask for it.")
        Optional<String> scope,

        @Doc(
                "How the provider must have known a person who has a second factor here: a token's amr must have one of these"
                        + " (RFC 8176), such as \"mfa\"; empty: the provider is trusted to ask what must be asked.")
        List<String> secondFactorMethods,

        @Doc(
                value =
                        "The algorithms with which a token may be signed: RS256, RS384, RS512, PS256, PS384, PS512, ES256,"
                                + " ES384, ES512 (RFC 7518 section 3.1).",
                byDefault = "[\"RS256\", \"PS256\", \"ES256\"]")
        List<String> algorithms,

        @Doc(
                "The file of certificates (PEM) that may have signed the provider's; without it, the authorities that Java trusts.")
        Optional<Path> authority,

        @Doc(value = "How far the provider's clock may be from ours.", byDefault = "\"1m\"")
        Duration clockSkew,

        @Doc(value = "After how long the provider's keys are fetched again.", byDefault = "\"1h\"")
        Duration keysFor,

        @Doc(
                value =
                        "How long they serve while the provider does not answer; then tokens are answered « try later ».",
                byDefault = "\"1d\"")
        Duration keysKept,

        @Doc(
                value = "The least time between two fetches, whatever keys tokens name that are not known.",
                byDefault = "\"10s\"")
        Duration keysAgain,

        @Doc(value = "How long the provider may take to answer.", byDefault = "\"5s\"")
        Duration timeout) {
    /** Asymmetric ones alone: with the others, who reads the provider's keys signs. */
    private static final Set<String> ALGORITHMS =
            Set.of("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512");

    private static final int TEXT_MAX = 300;

    public OpenIdSettings {
        secondFactorMethods = List.copyOf(secondFactorMethods);
        algorithms = List.copyOf(algorithms);
        demand(
                isHttps(issuer),
                "issuer must be an https URL without query, fragment and user, and without / at its end");
        demand(isText(audience), "audience must have 1 to 300 characters");
        demand(isText(accountClaim), "account-claim must have 1 to 300 characters");
        demand(
                scope.filter(it -> !it.matches("[!#-\\[\\]-~]{1,300}")).isEmpty(),
                "scope must be one word (RFC 6749 section 3.3)");
        demand(
                secondFactorMethods.size() <= 20 && secondFactorMethods.stream().allMatch(OpenIdSettings::isText),
                "second-factor-methods must be at most 20 words");
        demand(
                !algorithms.isEmpty() && ALGORITHMS.containsAll(algorithms),
                "algorithms must be some of RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512");
        demand(
                !clockSkew.isNegative() && clockSkew.compareTo(Duration.ofMinutes(10)) <= 0,
                "clock-skew must be between 0s and 10m");
        demand(keysAgain.toMillis() >= 100, "keys-again must be 100ms or more");
        demand(keysFor.compareTo(keysAgain) >= 0, "keys-for must be keys-again or more");
        demand(keysKept.compareTo(keysFor) >= 0 && keysKept.toDays() <= 7, "keys-kept must be between keys-for and 7d");
        demand(
                timeout.toMillis() >= 100 && timeout.compareTo(Duration.ofMinutes(1)) <= 0,
                "timeout must be between 100ms and 1m");
    }

    /** Where the provider says of itself how it is used (OpenID Connect Discovery 1.0 section 4). */
    public URI configuration() {
        return URI.create(issuer + "/.well-known/openid-configuration");
    }

    private static boolean isHttps(String text) {
        try {
            URI uri = URI.create(text);
            return text.length() <= TEXT_MAX
                    && "https".equals(uri.getScheme())
                    && uri.getHost() != null
                    && uri.getUserInfo() == null
                    && uri.getQuery() == null
                    && uri.getFragment() == null
                    && !text.endsWith("/");
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean isText(String text) {
        return !text.isBlank() && text.length() <= TEXT_MAX;
    }

    private static void demand(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
