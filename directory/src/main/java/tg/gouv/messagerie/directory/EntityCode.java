package tg.gouv.messagerie.directory;

/**
 * The short name of an entity, unique in the State: {@code energie}, {@code daf.budget}.
 *
 * @param value 1 to 64 lower-case letters of ASCII, digits, dots, hyphens and underscores
 */
public record EntityCode(String value) {
    public EntityCode {
        Codes.demand("entity", value);
    }

    @Override
    public String toString() {
        return value;
    }
}
