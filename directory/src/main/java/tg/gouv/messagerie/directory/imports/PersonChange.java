package tg.gouv.messagerie.directory.imports;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import tg.gouv.messagerie.platform.language.Messages;

/**
 * What a row changes: the person as they will be.
 *
 * @param line where the row begins
 * @param before as they are, unless they are new
 * @param entity its code, or empty
 * @param aliases those that are added
 * @param begun positions that are held from now on; each has its beginning
 * @param altered assignments with other dates; one that ends when it begins goes, for it never began
 * @param hash of the password for an account that has none, or empty
 */
public record PersonChange(
        int line,
        Optional<KnownPerson> before,
        String number,
        String given,
        String family,
        String language,
        String entity,
        String state,
        String primary,
        List<String> aliases,
        List<HeldPosition> begun,
        List<KnownPerson.Held> altered,
        String hash) {
    public PersonChange {
        aliases = List.copyOf(aliases);
        begun = List.copyOf(begun);
        altered = List.copyOf(altered);
    }

    /** As correspondents see the person. */
    public String display() {
        return given.isEmpty() ? family : given + " " + family;
    }

    /** Whether the names or the primary address of somebody who is there change. */
    public boolean renames() {
        return before.filter(it -> !it.given().equals(given)
                        || !it.family().equals(family)
                        || !it.primary().equals(primary))
                .isPresent();
    }

    /** Whether somebody who is there can sign in no more. */
    public boolean removes() {
        return before.filter(it -> !it.state().equals(state)).isPresent()
                && (state.equals("suspended") || state.equals("closed"));
    }

    /** Whether the person's own row changes. */
    public boolean altersPerson() {
        return before.filter(it -> it.given().equals(given)
                        && it.family().equals(family)
                        && it.language().equals(language)
                        && it.entity().equals(entity))
                .isEmpty();
    }

    /** Whether the state of an account that is there changes. */
    public boolean altersState() {
        return before.filter(it -> !it.state().equals(state)).isPresent();
    }

    /** Whether the primary address of somebody who is there changes. */
    public boolean altersPrimary() {
        return before.filter(it -> !it.primary().equals(primary)).isPresent();
    }

    /** Whether anything changes. */
    boolean isAny() {
        return altersPerson()
                || altersState()
                || altersPrimary()
                || !aliases.isEmpty()
                || !begun.isEmpty()
                || !altered.isEmpty()
                || !hash.isEmpty();
    }

    /** One line that says what changes. */
    public String sentence(Locale language) {
        return Messages.beside(PersonChange.class, language)
                .text("change", String.valueOf(line), number, display(), what(language));
    }

    /** What changes, without about whom. */
    public String what(Locale language) {
        Messages messages = Messages.beside(PersonChange.class, language);
        List<String> parts = new ArrayList<>();
        if (before.isEmpty()) {
            parts.add(messages.text("change.new", primary, word(messages, state), entity.isEmpty() ? "-" : entity));
        } else {
            KnownPerson was = before.get();
            part(parts, messages, "given", was.given(), given);
            part(parts, messages, "family", was.family(), family);
            part(parts, messages, "language", was.language(), this.language);
            part(parts, messages, "entity", was.entity(), entity);
            part(parts, messages, "state", word(messages, was.state()), word(messages, state));
            part(parts, messages, "primary", was.primary(), primary);
        }
        if (!aliases.isEmpty()) {
            parts.add(messages.text("change.aliases", String.join(" ", aliases)));
        }
        if (!begun.isEmpty()) {
            parts.add(messages.text(
                    "change.begun", begun.stream().map(HeldPosition::code).collect(Collectors.joining(" "))));
        }
        for (KnownPerson.Held each : altered) {
            parts.add(messages.text(
                    "change.altered",
                    each.code(),
                    Dates.written(each.starts()),
                    each.ends() == null ? "-" : Dates.written(each.ends())));
        }
        if (!hash.isEmpty()) {
            parts.add(messages.text("change.hash"));
        }
        return String.join(", ", parts);
    }

    private static String word(Messages messages, String state) {
        return messages.text("change.state." + state);
    }

    private static void part(List<String> parts, Messages messages, String key, String was, String is) {
        if (!was.equals(is)) {
            parts.add(messages.text("change." + key, was.isEmpty() ? "-" : was, is.isEmpty() ? "-" : is));
        }
    }
}
