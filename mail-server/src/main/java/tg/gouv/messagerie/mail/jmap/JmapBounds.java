package tg.gouv.messagerie.mail.jmap;

/** What James's session object announces (RFC 8620 section 2), and James 3.8.1 does not hold anybody to. */
final class JmapBounds {
    static final int SIZE_REQUEST_MAX = 10_000_000;
    static final int CALLS_IN_REQUEST_MAX = 16;
    static final int OBJECTS_IN_GET_MAX = 500;
    static final int OBJECTS_IN_SET_MAX = 500;

    private JmapBounds() {}
}
