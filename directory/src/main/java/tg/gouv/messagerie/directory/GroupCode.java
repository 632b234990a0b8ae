package tg.gouv.messagerie.directory;

/**
 * The short name of a group, unique in the State: {@code directeurs}, {@code energie.agents}.
 *
 * @param value 1 to 64 lower-case letters of ASCII, digits, dots, hyphens and underscores
 */
public record GroupCode(String value) {
    public GroupCode {
        Codes.demand("group", value);
    }

    @Override
    public String toString() {
        return value;
    }
}
