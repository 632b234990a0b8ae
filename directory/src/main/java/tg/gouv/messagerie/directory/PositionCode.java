package tg.gouv.messagerie.directory;

/**
 * The short name of a position, unique in the State: {@code directeur-budget}.
 *
 * @param value 1 to 64 lower-case letters of ASCII, digits, dots, hyphens and underscores
 */
public record PositionCode(String value) {
    public PositionCode {
        Codes.demand("position", value);
    }

    @Override
    public String toString() {
        return value;
    }
}
