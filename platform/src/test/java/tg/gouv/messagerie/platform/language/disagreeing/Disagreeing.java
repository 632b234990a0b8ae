package tg.gouv.messagerie.platform.language.disagreeing;

/** A neighbour of two files of sentences that do not agree. */
public final class Disagreeing {
    private Disagreeing() {}
}
