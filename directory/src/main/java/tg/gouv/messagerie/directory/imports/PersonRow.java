package tg.gouv.messagerie.directory.imports;

import java.util.List;
import java.util.Optional;

/**
 * A person as a row wants them; what is empty stays as it is, a hyphen takes it away.
 *
 * @param line where the row begins
 * @param number the registration number
 * @param given {@code -} for a person of one name
 * @param entity its code, or {@code -} for none
 * @param positions exactly those that are held from now on, if there is something
 * @param address the primary one
 * @param aliases further ones, which are added
 * @param state a word of the account's states, or empty
 * @param hash of a password, for an account that has none
 */
public record PersonRow(
        int line,
        String number,
        String given,
        String family,
        String language,
        String entity,
        Optional<List<HeldPosition>> positions,
        String address,
        List<String> aliases,
        String state,
        String hash) {
    /** What stands for « nothing » where an empty cell stands for « as it is ». */
    static final String NOTHING = "-";

    public PersonRow {
        aliases = List.copyOf(aliases);
        positions = positions.map(List::copyOf);
    }

    /** Without what is secret or personal. */
    @Override
    public String toString() {
        return "PersonRow[line " + line + "]";
    }
}
