package crash;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What the server acknowledged, as its clients remember it. Many threads write. */
final class Journal {
    /**
     * A message that some client began to hand in.
     *
     * @param kind where it must end
     * @param sha256 of its body
     */
    record Sent(String id, Kind kind, String sha256) {}

    enum Kind {
        /** Submitted to two people; both keep it in INBOX. */
        PLAIN,
        /** Submitted to two people; the second's script files it. */
        FILED,
        /** Submitted to two people; the second's script redirects it. */
        REDIRECTED,
        /** Appended over IMAP. */
        APPENDED,
        /** Imported over JMAP. */
        IMPORTED
    }

    private final Map<String, Sent> begun = new ConcurrentHashMap<>();
    private final Map<String, Sent> acknowledged = new ConcurrentHashMap<>();
    private final Map<String, String> uids = new ConcurrentHashMap<>();
    private final Map<String, String> flagged = new ConcurrentHashMap<>();

    void begins(Sent sent) {
        begun.put(sent.id(), sent);
    }

    void acknowledges(Sent sent) {
        acknowledged.put(sent.id(), sent);
    }

    /** An APPEND was answered with this UID (RFC 4315: « UIDVALIDITY UID »). */
    void acknowledges(Sent sent, String uid) {
        uids.put(uid, sent.id());
        acknowledged.put(sent.id(), sent);
    }

    /** A STORE of \Flagged on this UID was answered. */
    void flags(String uid) {
        flagged.put(uid, uid);
    }

    long acknowledged() {
        return acknowledged.size();
    }

    List<Sent> allAcknowledged() {
        return new ArrayList<>(acknowledged.values());
    }

    Map<String, Sent> allBegun() {
        return Map.copyOf(begun);
    }

    /** Message ids by « UIDVALIDITY UID ». */
    Map<String, String> allUids() {
        return Map.copyOf(uids);
    }

    List<String> allFlagged() {
        return List.copyOf(flagged.keySet());
    }
}
