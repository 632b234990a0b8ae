package tg.gouv.messagerie.mail.transfer.outgoing;

import java.io.IOException;

/** The conversation with another server cannot go on. */
class ConnectionLost extends IOException {
    private static final long serialVersionUID = 1;

    private final transient Diagnosis why;

    ConnectionLost(Diagnosis why) {
        super(why.toString());
        this.why = why;
    }

    ConnectionLost(Diagnosis why, IOException cause) {
        super(why.toString(), cause);
        this.why = why;
    }

    Diagnosis why() {
        return why;
    }

    /** It was to be encrypted, and could not be. */
    static final class NoEncryption extends ConnectionLost {
        private static final long serialVersionUID = 1;

        NoEncryption(ConnectionLost cause) {
            super(cause.why(), cause);
        }
    }
}
