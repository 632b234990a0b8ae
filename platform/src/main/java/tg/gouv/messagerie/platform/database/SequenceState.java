package tg.gouv.messagerie.platform.database;

/**
 * How far a sequence has come.
 *
 * @param called whether {@code last} was handed out
 */
public record SequenceState(String schema, String name, long last, boolean called) {}
