package crash;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What the server acknowledged, as its clients remember it. Many threads write. */
final class Journal {
    /**
     * A message that some client began to hand in.
     *
     * @param kind where it must end
     * @param sha256 of its body
     */
    record Sent(String id, Kind kind, String sha256) {}

    /** An entry of LDAP that some client began to add, and what it says. */
    record Entry(String name, String description) {}

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
    private final Map<String, Entry> begunEntries = new ConcurrentHashMap<>();
    private final Map<String, Entry> acknowledgedEntries = new ConcurrentHashMap<>();
    private final LongAdder smallRefused = new LongAdder();
    private final LongAdder largeRefused = new LongAdder();

    void begins(Sent sent) {
        begun.put(sent.id(), sent);
    }

    void acknowledges(Sent sent) {
        acknowledged.put(sent.id(), sent);
    }

    void begins(Entry entry) {
        begunEntries.put(entry.name(), entry);
    }

    void acknowledges(Entry entry) {
        acknowledgedEntries.put(entry.name(), entry);
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

    /** A message was refused for want of room (452 4.3.1), one that becomes an object or a smaller one. */
    void refuses(boolean large) {
        (large ? largeRefused : smallRefused).increment();
    }

    boolean refused(boolean large) {
        return (large ? largeRefused : smallRefused).sum() > 0;
    }

    /** How many were refused for want of room. */
    String refusals() {
        return smallRefused.sum() + " small and " + largeRefused.sum() + " large refused (452 4.3.1)";
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

    Map<String, Entry> allAcknowledgedEntries() {
        return Map.copyOf(acknowledgedEntries);
    }

    Map<String, Entry> allBegunEntries() {
        return Map.copyOf(begunEntries);
    }

    /** Message ids by « UIDVALIDITY UID ». */
    Map<String, String> allUids() {
        return Map.copyOf(uids);
    }

    List<String> allFlagged() {
        return List.copyOf(flagged.keySet());
    }
}
