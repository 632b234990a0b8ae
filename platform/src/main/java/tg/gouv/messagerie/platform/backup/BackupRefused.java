package tg.gouv.messagerie.platform.backup;

import java.io.IOException;

/** A backup could not be made or put back: one sentence for the operator says what, where, and what to do. */
public final class BackupRefused extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final Kind kind;

    /** What kind of obstacle there is. */
    public enum Kind {
        /** There is no such backup. */
        MISSING,
        /** The backup is not as it was made. */
        DAMAGED,
        /** The place where it should be put holds something. */
        OCCUPIED,
        /** A disk did not read or write. */
        DISK,
        /** Another backup is being made. */
        BUSY
    }

    /** Says why. */
    public BackupRefused(Kind kind, String sentence) {
        super(sentence);
        this.kind = kind;
    }

    /** Says why, and because of what. */
    public BackupRefused(Kind kind, String sentence, Throwable cause) {
        super(sentence, cause);
        this.kind = kind;
    }

    /** A disk that did not do what was asked; a full one is named as such. */
    static BackupRefused disk(String what, IOException failure) {
        String reason = String.valueOf(failure.getMessage());
        boolean full = reason.contains("No space left on device") || reason.contains("Disk quota exceeded");
        return new BackupRefused(
                Kind.DISK,
                full
                        ? what
                                + ": the disk is full. Nothing unfinished was left; make room there, or name another folder."
                        : what + ": " + failure + ".",
                failure);
    }

    /** What kind of obstacle there is. */
    public Kind kind() {
        return kind;
    }
}
