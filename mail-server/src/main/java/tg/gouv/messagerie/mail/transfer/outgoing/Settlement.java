package tg.gouv.messagerie.mail.transfer.outgoing;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * What became of a message for some of its recipients, written by one transaction.
 *
 * @param lease the claim that holds them
 * @param delivered who has it: another server is responsible for it now
 * @param deferred for whom it is tried again
 * @param failed for whom it is given up; the reports say so to the sender
 * @param dead for whom it is given up, and nobody can be told: kept for the operator
 * @param reports what the sender is told, queued in the same transaction
 */
public record Settlement(
        UUID mail,
        UUID lease,
        List<Taken> delivered,
        List<Deferred> deferred,
        List<Failed> failed,
        List<Failed> dead,
        List<Report> reports) {
    public Settlement {
        delivered = List.copyOf(delivered);
        deferred = List.copyOf(deferred);
        failed = List.copyOf(failed);
        dead = List.copyOf(dead);
        reports = List.copyOf(reports);
    }

    /**
     * Handed over.
     *
     * @param reply with which the other server took the message
     */
    public record Taken(String recipient, String reply) {}

    /**
     * Tried again.
     *
     * @param warned whether its sender has been told by now that it takes long
     */
    public record Deferred(String recipient, Instant due, Diagnosis why, boolean warned) {}

    /** Given up. */
    public record Failed(String recipient, Diagnosis why) {}

    /**
     * A message to the sender, from the null reverse-path.
     *
     * @param octets a whole message (RFC 5322), CRLF line ends
     */
    @SuppressWarnings("ArrayRecordComponent") // written, never compared
    public record Report(String to, byte[] octets) {}

    /** All recipients that are meant. */
    public List<String> recipients() {
        List<String> all = new ArrayList<>();
        delivered.forEach(each -> all.add(each.recipient()));
        deferred.forEach(each -> all.add(each.recipient()));
        failed.forEach(each -> all.add(each.recipient()));
        dead.forEach(each -> all.add(each.recipient()));
        return all;
    }
}
