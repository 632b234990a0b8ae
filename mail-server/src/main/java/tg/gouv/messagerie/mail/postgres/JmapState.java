package tg.gouv.messagerie.mail.postgres;

import java.util.Optional;
import java.util.UUID;
import org.apache.james.jmap.api.change.State;

/*
 * A state says by itself where its client is, so that none has to be stored. James wants a UUID: this is one of version 8
 * (RFC 9562 section 5.8), made of the account's salt (32 bits), since + 1 (40 bits) and reached (40 bits).
 */
/**
 * How far a client has come in an account's changes (RFC 8620 section 5.2).
 *
 * @param salt the account's; that of another account, or of another life of the database, is refused
 * @param since where the client began: it was told everything up to this MODSEQ, {@code -1} if it began with nothing
 * @param reached up to which MODSEQ it was told what came after; the same as since, unless an answer was cut
 */
record JmapState(int salt, long since, long reached) {
    private static final long NUMBER_MAX = (1L << 40) - 1;
    private static final JmapState NOTHING = new JmapState(0, -1, -1);

    JmapState {
        if (since < -1 || reached < since || reached >= NUMBER_MAX) {
            throw new IllegalArgumentException("no state: " + since + " to " + reached);
        }
    }

    /** The state of a client that was told everything. */
    static State current(int salt, long modSeq) {
        return modSeq == 0 ? State.INITIAL : new JmapState(salt, modSeq, modSeq).state();
    }

    /** What a client sent, if we can have made it. */
    static Optional<JmapState> read(State state) {
        if (state.equals(State.INITIAL)) {
            return Optional.of(NOTHING);
        }
        UUID value = state.getValue();
        if (value.version() != 8 || value.variant() != 2) {
            return Optional.empty();
        }
        long most = value.getMostSignificantBits();
        long least = value.getLeastSignificantBits();
        long since = ((most >>> 16) & 0xFFFF) << 24 | (most & 0xFFF) << 12 | ((least >>> 50) & 0xFFF);
        long reached = least & NUMBER_MAX;
        return since - 1 <= reached && reached < NUMBER_MAX
                ? Optional.of(new JmapState((int) (most >>> 32), since - 1, reached))
                : Optional.empty();
    }

    /** The same client, told up to a MODSEQ of the account with this salt. */
    State upTo(int accountSalt, long modSeq) {
        return new JmapState(accountSalt, since, modSeq).state();
    }

    /** Whether the client began with nothing: then nothing can have been destroyed for it. */
    boolean fromNothing() {
        return since < 0;
    }

    private State state() {
        long begun = since + 1;
        long most = ((long) salt << 32) | (begun >>> 24) << 16 | 0x8000 | ((begun >>> 12) & 0xFFF);
        long least = 1L << 63 | (begun & 0xFFF) << 50 | reached;
        return State.of(new UUID(most, least));
    }
}
