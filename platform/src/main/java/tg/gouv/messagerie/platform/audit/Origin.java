package tg.gouv.messagerie.platform.audit;

/** From where somebody acted. */
public sealed interface Origin {
    /** From this machine: the program itself, or its control socket. */
    record Here() implements Origin {}

    /**
     * Over a network.
     *
     * @param network about one building, in the form of PostgreSQL's {@code cidr}
     * @param protocol in lower case, such as {@code imap}
     */
    record Remote(String network, String protocol) implements Origin {
        public Remote {
            AuditText.demand(network);
            AuditText.demand(protocol);
        }
    }
}
