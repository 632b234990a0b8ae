package tg.gouv.messagerie.deploy.command;

import java.nio.file.Path;
import java.util.SequencedMap;

/** A program that serves its clients until it is closed. */
public interface Running extends AutoCloseable {
    /** The open ports, by their names in {@code connection.json}. */
    SequencedMap<String, Integer> ports();

    /** The addresses of what is served over HTTP, by their names in {@code connection.json}. */
    SequencedMap<String, String> urls(String host);

    /** The processes, by their names in {@code connection.json}, this one first. */
    SequencedMap<String, Long> processes();

    /** Calls back each time a process was replaced by another. */
    void onProcessChange(Runnable callback);

    /** The file of the authority that clients are to trust. */
    Path authority();

    /** Whether each part is well, by its name; asks each one now. */
    SequencedMap<String, Boolean> health();

    /** What there is to count, by the names of {@link Figure}; what cannot be counted now is absent. */
    SequencedMap<Figure, Long> figures();

    /** What is counted. */
    enum Figure {
        /** Accounts of people and function mailboxes. */
        ACCOUNTS,
        /** Accepted messages that wait for their delivery. */
        QUEUED
    }

    /**
     * Tells the audit trail that a system user gave an order through the control socket.
     *
     * @param order the command's word
     * @param obeyed false if this user may not give it
     */
    void ordered(String systemUser, String order, boolean obeyed);

    /** Stops every part, the last one first. */
    @Override
    void close();
}
