package tg.gouv.messagerie.deploy.command;

import java.nio.file.Path;
import java.util.Map;
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

    /** What each part says when it is asked how it is. */
    Map<String, Boolean> health();

    /** How many accounts there are. */
    long accounts();

    /** How many accepted messages wait to be delivered. */
    long queued();

    /** Stops every part, the last one first. */
    @Override
    void close();
}
