package tg.gouv.messagerie.platform.outbox;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import tg.gouv.messagerie.platform.database.Connections;

/** Work between capabilities; may be called from any thread that may block. */
public interface Outbox {
    /** Handles a message in a transaction that also removes it. */
    @FunctionalInterface
    interface Transacted {
        /**
         * Does the work on this connection and nowhere else.
         *
         * @throws Exception if it failed: everything on the connection is undone, and it is tried again
         */
        void handle(Connection connection, Delivery delivery) throws Exception;
    }

    /** Handles a message outside of the database. */
    @FunctionalInterface
    interface Leased {
        /**
         * Does the work, holding no transaction, within the lease; it may be done again.
         *
         * @throws Exception if it failed: it is tried again
         */
        void handle(Delivery delivery) throws Exception;
    }

    /** The handling of a topic on this node. */
    interface Handling extends AutoCloseable {
        /** What was done since it began. */
        Figures figures();

        /** Returns when each worker has ended the message it was at, or after a while; another may handle the topic then. */
        @Override
        void close();
    }

    /** What is written in the transaction of a replay, such as who wanted it. */
    @FunctionalInterface
    interface Note {
        /**
         * Writes it on the connection; the schema {@code platform} is in its search path.
         *
         * @param topic of the messages that are handled again
         * @param messages how many there are, 1 or more
         */
        void write(Connection connection, String topic, int messages) throws SQLException;
    }

    /** Adds work in the transaction of the act that causes it: both are durable together, or neither happened. */
    default void add(Connection connection, OutboxMessage message) throws SQLException {
        add(connection, List.of(message));
    }

    /** Adds the work of an act in its transaction, in this order. */
    void add(Connection connection, List<OutboxMessage> messages) throws SQLException;

    /**
     * Has the messages of a topic handled from now on, each exactly once: its effect and its removal are one transaction.
     *
     * @param connections of the capability that does the work, on the same database; one is used per worker at a time
     */
    Handling consume(String topic, Connections connections, Transacted handler);

    /** Has the messages of a topic handled from now on, each at least once. */
    Handling consume(String topic, Leased handler);

    /** What there is of each topic that has messages now, in the order of their names. */
    List<TopicState> topics();

    /** The messages of a topic that were given up last, at most so many. */
    List<DeadLetter> deadLetters(String topic, int most);

    /** Has a message that was given up handled again, as if it were new; false if there is no such message. */
    boolean replay(UUID id, Note note);

    /** Has the messages of a topic that were given up handled again, the oldest first, at most so many; returns how many. */
    int replayAll(String topic, int most, Note note);
}
