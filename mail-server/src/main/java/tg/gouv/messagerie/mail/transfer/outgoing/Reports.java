package tg.gouv.messagerie.mail.transfer.outgoing;

import java.time.Instant;
import java.util.List;

/** Writes what senders are told (RFC 3464). */
public interface Reports {
    /** That a message was given up for these recipients; a whole message, CRLF line ends. */
    byte[] undelivered(OutgoingMail mail, List<Settlement.Failed> failed, Instant now);

    /**
     * That a message has not arrived yet.
     *
     * @param until when it will be given up
     */
    byte[] delayed(OutgoingMail mail, List<Settlement.Deferred> delayed, Instant until, Instant now);
}
