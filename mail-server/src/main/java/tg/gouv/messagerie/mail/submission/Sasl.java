package tg.gouv.messagerie.mail.submission;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import tg.gouv.messagerie.directory.signin.SignIns;

/** The mechanisms (RFC 4422) by which a client says who it is, in IMAP, SMTP and ManageSieve alike. */
public enum Sasl {
    /** A name and a secret (RFC 4616). */
    PLAIN,
    /** An access token (RFC 7628). */
    OAUTHBEARER,
    /** The same as some programs said it before: Google's and Microsoft's. */
    XOAUTH2;

    /** Those that are offered: tokens are taken where a provider is named. */
    public static List<Sasl> offered(SignIns signIns) {
        return signIns.provider().isPresent() ? List.of(values()) : List.of(PLAIN);
    }

    /** The one of this name, in any case, if it is offered. */
    public static Optional<Sasl> named(String name, SignIns signIns) {
        return offered(signIns).stream()
                .filter(it -> it.name().equalsIgnoreCase(name))
                .findFirst();
    }

    /** Reads what the client says, as it is on the line; empty if it cannot be understood. */
    public Optional<Said> read(String base64) {
        return switch (this) {
            case PLAIN -> Plain.read(base64).map(it -> it);
            case OAUTHBEARER -> Bearer.read(base64).map(it -> it);
            case XOAUTH2 -> Bearer.readOld(base64).map(it -> it);
        };
    }

    /**
     * What a client whose token opens nothing is told before it is refused, in base64, so that it knows of whom to ask another (RFC 7628
     * section 3.2.2); it answers with something that means nothing.
     */
    public Optional<String> refusal(SignIns signIns) {
        return signIns.provider()
                .flatMap(this::told)
                .map(it -> Base64.getEncoder().encodeToString(it.getBytes(StandardCharsets.UTF_8)));
    }

    /** A scope and a URL have neither quotes nor backslashes. */
    private Optional<String> told(SignIns.Provider provider) {
        return switch (this) {
            case PLAIN -> Optional.empty();
            case OAUTHBEARER ->
                Optional.of("{\"status\":\"invalid_token\","
                        + provider.scope()
                                .map(it -> "\"scope\":\"" + it + "\",")
                                .orElse("")
                        + "\"openid-configuration\":\"" + provider.configuration() + "\"}");
            case XOAUTH2 ->
                Optional.of("{\"status\":\"401\",\"schemes\":\"bearer\",\"scope\":\""
                        + provider.scope().orElse("") + "\"}");
        };
    }
}
