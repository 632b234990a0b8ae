package tg.gouv.messagerie.portal.clients;

/** What mail programs connect to, each with its name among the program's ports; the preferred one of a kind first (RFC 8314 section 5.1). */
public enum ClientService {
    /** IMAP, with TLS from the first byte. */
    IMAPS("imaps"),
    /** IMAP, with STARTTLS. */
    IMAP("imap"),
    /** Submission, with TLS from the first byte. */
    SUBMISSIONS("submissions"),
    /** Submission, with STARTTLS. */
    SUBMISSION("submission"),
    /** Filters, with STARTTLS (RFC 5804). */
    MANAGESIEVE("managesieve"),
    /** The directory, with TLS from the first byte. */
    LDAPS("ldaps");

    private final String port;

    ClientService(String port) {
        this.port = port;
    }

    /** The name under which the program says its port. */
    public String portName() {
        return port;
    }
}
