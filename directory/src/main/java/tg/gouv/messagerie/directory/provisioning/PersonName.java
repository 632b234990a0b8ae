package tg.gouv.messagerie.directory.provisioning;

/**
 * A person's names, as the person writes them.
 *
 * @param given 100 characters at most; empty for a person of one name
 * @param family 100 characters at most
 */
public record PersonName(String given, String family) {
    public PersonName {
        given = given.isBlank() ? "" : Written.name(given, Written.NAME_MAX);
        family = Written.name(family, Written.NAME_MAX);
    }

    /** As correspondents see it. */
    public String display() {
        return given.isEmpty() ? family : given + " " + family;
    }
}
