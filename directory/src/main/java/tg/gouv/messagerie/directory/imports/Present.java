package tg.gouv.messagerie.directory.imports;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import tg.gouv.messagerie.directory.MailAddress;

/** The directory as it is now, asked for many things at once. */
public interface Present {
    /** The people who have these registration numbers, by number. */
    Map<String, KnownPerson> people(Collection<String> numbers);

    /** Every entity, by its code. */
    Map<String, Part> entities();

    /** Which of these codes are positions'. */
    Set<String> positions(Collection<String> codes);

    /** The domains that are ours. */
    Set<String> domains();

    /** Whose these addresses are, by address. */
    Map<String, Owner> owners(Collection<String> addresses);

    /** The local parts of every address of a domain. */
    Set<String> localParts(String domain);

    /** The addresses of those who were erased, which nobody is given. */
    Predicate<MailAddress> reserved();

    /** Shows everybody's names. */
    void everybody(Visitor visitor);

    /** How many people there are. */
    long count();

    /**
     * An entity.
     *
     * @param parent the code of the one it is a part of
     * @param rule its address rule
     */
    record Part(Optional<String> parent, Optional<AddressRule> rule) {}

    /** Whose an address is. */
    record Owner(UUID account, String name) {}

    /** Looks at one person after the other. */
    @FunctionalInterface
    interface Visitor {
        /**
         * Sees a person.
         *
         * @param number may be empty
         * @param entity its code, or empty
         */
        void see(String number, String given, String family, String entity);
    }
}
