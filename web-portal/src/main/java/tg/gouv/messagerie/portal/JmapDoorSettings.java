package tg.gouv.messagerie.portal;

import java.time.Duration;
import tg.gouv.messagerie.platform.settings.ByteSize;
import tg.gouv.messagerie.platform.settings.Doc;

/** JMAP on the HTTPS port. */
public record JmapDoorSettings(
        @Doc(
                "The address under which clients reach this server, such as \"https://mail.gouv.tg\": JMAP clients are told it."
                        + " Port 0 stands for the port on which HTTPS listens.")
        PublicUrl publicUrl,

        @Doc(value = "How large one JMAP request may be; a larger one is answered 413.", byDefault = "\"10MB\"")
        ByteSize requestSizeMax,

        @Doc(value = "How large one uploaded attachment may be; a larger one is answered 413.", byDefault = "\"30MB\"")
        ByteSize uploadSizeMax,

        @Doc(
                value =
                        "How long a JMAP request may stay without an answer or further bytes of it; then it is answered 504.",
                byDefault = "\"60s\"")
        Duration timeout,

        @Doc(value = "How many JMAP requests are worked on at once.", byDefault = "100")
        int requestsMax,

        @Doc(value = "How many clients may wait for changes (event source) at once.", byDefault = "1000")
        int eventSourcesMax) {

    public JmapDoorSettings {
        if (requestSizeMax.bytes() < 1 << 10 || uploadSizeMax.bytes() < 1 << 10) {
            throw new IllegalArgumentException("request-size-max and upload-size-max must be 1KB or more");
        }
        if (timeout.toMillis() < 100) {
            throw new IllegalArgumentException("timeout must be 100ms or more");
        }
        if (requestsMax < 1 || eventSourcesMax < 1) {
            throw new IllegalArgumentException("requests-max and event-sources-max must be 1 or more");
        }
    }

    /** The same, with the public address of a server that listens on this port. */
    public JmapDoorSettings at(int listening) {
        return new JmapDoorSettings(
                publicUrl.at(listening), requestSizeMax, uploadSizeMax, timeout, requestsMax, eventSourcesMax);
    }

    /** Every default, at this public address. */
    public static JmapDoorSettings byDefault(PublicUrl publicUrl) {
        return new JmapDoorSettings(
                publicUrl, ByteSize.parse("10MB"), ByteSize.parse("30MB"), Duration.ofSeconds(60), 100, 1_000);
    }
}
