package tg.gouv.messagerie.platform.xml;

/** A document is no XML, or more than is read here; the message says what, in English, and quotes nothing of it. */
public final class XmlRefused extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Refuses a document. */
    public XmlRefused(String reason) {
        super(reason);
    }
}
