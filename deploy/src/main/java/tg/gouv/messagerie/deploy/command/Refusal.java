package tg.gouv.messagerie.deploy.command;

/** The command cannot do what was asked: a sentence for the reader (what, where, what to do) and how the process ends. */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final ExitStatus status;
    private final String key;
    private final transient Object[] values;

    /**
     * Says why.
     *
     * @param key the sentence in {@code messages_fr.properties} and {@code messages_en.properties}
     * @param values what the sentence names
     */
    Refusal(ExitStatus status, String key, Object... values) {
        super(key);
        this.status = status;
        this.key = key;
        this.values = values.clone();
    }

    ExitStatus status() {
        return status;
    }

    /** The sentence in the reader's language. */
    String sentence(Texts texts) {
        return texts.text(key, values);
    }
}
