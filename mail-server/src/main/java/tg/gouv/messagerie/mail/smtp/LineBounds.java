package tg.gouv.messagerie.mail.smtp;

import java.time.Duration;

/**
 * What clients of a protocol of lines may do.
 *
 * @param lineLengthMax octets with the line end
 * @param connectionsMax on one port
 * @param errorsMax replies 4xx and 5xx on one connection
 * @param idle how long a silent connection is kept
 * @param signsIn whether a client has to sign in
 */
public record LineBounds(
        int lineLengthMax,
        int connectionsMax,
        int connectionsPerAddressMax,
        int errorsMax,
        Duration idle,
        boolean signsIn,
        PatienceSettings patience) {}
