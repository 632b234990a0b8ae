package tg.gouv.messagerie.portal.pages;

import java.util.List;

/** A page is not shown, or an act not done: one sentence says what, and what to do. */
public final class PageRefused extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final String key;
    private final List<String> values;

    /**
     * Says why.
     *
     * @param status of HTTP (RFC 9110 section 15)
     * @param key of the sentence, beside the page or the ground
     */
    public PageRefused(int status, String key, String... values) {
        super(key, null, false, false);
        this.status = status;
        this.key = key;
        this.values = List.of(values);
    }

    /** What the address names is not there, or must not be known to be. */
    public static PageRefused nothingThere() {
        return new PageRefused(404, "refused.nothing-there");
    }

    int status() {
        return status;
    }

    /** The sentence, as the page writes it. */
    public String sentence(Shell shell) {
        return shell.text(key, values.toArray());
    }
}
