package tg.gouv.messagerie.platform.audit;

import java.io.IOException;
import java.util.List;

/** A place outside this machine that keeps heads, so that whoever rewrites the trail here contradicts it. */
public interface HeadSink {
    /** By which the database remembers how far this place has the heads; never changes. */
    String name();

    /**
     * Keeps these heads, in their order; durable there when this returns. The same head may come again.
     *
     * @throws IOException if it could not; they come again later
     */
    void append(List<Head> heads) throws IOException;
}
