package tg.gouv.messagerie.directory.imports;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tg.gouv.messagerie.platform.settings.Doc;
import tg.gouv.messagerie.platform.settings.Settings;
import tg.gouv.messagerie.platform.settings.SettingsRefused;

/**
 * How a file that others made is read: which of its columns is which of ours, and the address rules that hold for this import.
 *
 * @param columns their names in the file
 * @param addresses the entity nearest above a person decides
 */
public record Mapping(
        @Doc("The names of the file's columns; without one, ours in French or English.")
        Columns columns,

        @Doc("Address rules of this import, before those of the directory.")
        List<Rule> addresses) {
    /** How long a mapping may be as a text. */
    private static final int TEXT_MAX = 65_536;

    public Mapping {
        addresses = List.copyOf(addresses);
        for (Rule each : addresses) {
            AddressRule.parse(each.rule());
        }
    }

    /**
     * Reads a mapping that somebody wrote, in TOML.
     *
     * @param text empty, none
     * @param language in which is told what is wrong
     * @throws ImportRefused with what is wrong
     */
    public static Mapping parse(String text, Locale language) {
        if (text.isBlank()) {
            return none();
        }
        if (text.length() > TEXT_MAX) {
            throw new ImportRefused(ImportRefused.Reason.BAD_MAPPING, TEXT_MAX);
        }
        try {
            return Settings.parse("TOML", text, Mapping.class, Path.of("/")).value();
        } catch (SettingsRefused e) {
            throw new ImportRefused(ImportRefused.Reason.BAD_MAPPING, e.text(language));
        }
    }

    /** Our names, and the directory's rules. */
    public static Mapping none() {
        return new Mapping(Columns.none(), List.of());
    }

    /** The names of the columns in the file. */
    public record Columns(
            @Doc("The registration number, by which a person is known.")
            Optional<String> number,

            @Doc("The given names.") Optional<String> given,
            @Doc("The family name.") Optional<String> family,
            @Doc("The code of the entity.") Optional<String> entity,
            @Doc("The codes of the positions held.") Optional<String> positions,
            @Doc("From when the position is held.") Optional<String> from,
            @Doc("Until when.") Optional<String> until,
            @Doc("The language, fr or en.") Optional<String> language,
            @Doc("The primary address.") Optional<String> address,
            @Doc("Further addresses.") Optional<String> aliases,
            @Doc("The state of the account.") Optional<String> state,
            @Doc("A password hash of another program.") Optional<String> hash) {
        static Columns none() {
            Optional<String> no = Optional.empty();
            return new Columns(no, no, no, no, no, no, no, no, no, no, no, no);
        }

        /** What the file calls the columns, where it is said. */
        Map<PersonColumn, Optional<String>> names() {
            return Map.ofEntries(
                    Map.entry(PersonColumn.NUMBER, number),
                    Map.entry(PersonColumn.GIVEN, given),
                    Map.entry(PersonColumn.FAMILY, family),
                    Map.entry(PersonColumn.ENTITY, entity),
                    Map.entry(PersonColumn.POSITIONS, positions),
                    Map.entry(PersonColumn.FROM, from),
                    Map.entry(PersonColumn.UNTIL, until),
                    Map.entry(PersonColumn.LANGUAGE, language),
                    Map.entry(PersonColumn.ADDRESS, address),
                    Map.entry(PersonColumn.ALIASES, aliases),
                    Map.entry(PersonColumn.STATE, state),
                    Map.entry(PersonColumn.HASH, hash));
        }
    }

    /**
     * An address rule for the people of an entity and of those below it.
     *
     * @param entity its code; without one, for everybody
     */
    public record Rule(
            @Doc("The code of the entity; without one, for everybody.")
            Optional<String> entity,

            @Doc("Such as {given}.{family}@energie.gouv.tg.")
            String rule) {}
}
