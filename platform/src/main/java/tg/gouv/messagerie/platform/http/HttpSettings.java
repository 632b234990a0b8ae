package tg.gouv.messagerie.platform.http;

import java.time.Duration;
import tg.gouv.messagerie.platform.settings.ByteSize;
import tg.gouv.messagerie.platform.settings.Doc;
import tg.gouv.messagerie.platform.settings.Endpoint;

/** Where the program answers HTTPS, and how much a client may ask of it. */
public record HttpSettings(
        @Doc(value = "Address and port of HTTPS; 0.0.0.0:443 for every network.", byDefault = "\"127.0.0.1:8443\"")
        Endpoint listen,

        @Doc(value = "How large a request's header may be; a larger one is answered 431.", byDefault = "\"16KB\"")
        ByteSize headerSizeMax,

        @Doc(
                value =
                        "How large a request's body may be, unless a capability says less; a larger one is answered 413.",
                byDefault = "\"64MB\"")
        ByteSize bodySizeMax,

        @Doc(
                value = "How many bytes a second a client must send on average while the server waits for its body; one"
                        + " that is still slower after head-timeout is answered 408.",
                byDefault = "\"1KB\"")
        ByteSize bodyRateMin,

        @Doc(
                value =
                        "How long a connection may be without a complete request header, its opening included; then it is"
                                + " closed.",
                byDefault = "\"30s\"")
        Duration headTimeout,

        @Doc(value = "How long a connection may be silent; then it is closed.", byDefault = "\"30s\"")
        Duration idleTimeout,

        @Doc(value = "How many connections may be open; the next ones wait to be accepted.", byDefault = "2000")
        int connectionsMax,

        @Doc(value = "How many requests are worked on at once; the next ones wait.", byDefault = "500")
        int requestsMax) {

    public HttpSettings {
        demand(
                headerSizeMax.bytes() >= 1 << 10 && headerSizeMax.bytes() <= 1 << 20,
                "header-size-max must be between 1KB and 1MB");
        demand(bodySizeMax.bytes() >= 1 << 10, "body-size-max must be 1KB or more");
        demand(bodyRateMin.bytes() >= 1, "body-rate-min must be 1B or more");
        demand(headTimeout.toMillis() >= 100, "head-timeout must be 100ms or more");
        demand(idleTimeout.toMillis() >= 100, "idle-timeout must be 100ms or more");
        demand(connectionsMax >= 1, "connections-max must be 1 or more");
        demand(requestsMax >= 1, "requests-max must be 1 or more");
    }

    /** Every default. */
    public static HttpSettings byDefault() {
        return new HttpSettings(
                Endpoint.parse("127.0.0.1:8443"),
                ByteSize.parse("16KB"),
                ByteSize.parse("64MB"),
                ByteSize.parse("1KB"),
                Duration.ofSeconds(30),
                Duration.ofSeconds(30),
                2_000,
                500);
    }

    /** The same limits at another address. */
    public HttpSettings at(Endpoint other) {
        return new HttpSettings(
                other, headerSizeMax, bodySizeMax, bodyRateMin, headTimeout, idleTimeout, connectionsMax, requestsMax);
    }

    private static void demand(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
