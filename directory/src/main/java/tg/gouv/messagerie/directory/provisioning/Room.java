package tg.gouv.messagerie.directory.provisioning;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.GroupCode;
import tg.gouv.messagerie.directory.MailAddress;

/**
 * A room, or a thing that is lent, which calendars invite by its address. It has no mailbox, and mail to it is refused.
 *
 * @param address the primary one, by which it is known
 * @param name 200 characters at most
 * @param entity to which it belongs: who has the right there says who books it
 * @param capacity for how many people; 1 to 100,000
 * @param location where it is, in words; 200 characters at most
 * @param features what it has, such as {@code visioconference}: at most 32, in lower case, of 50 characters each
 * @param bookers the group that may book it; absent, everybody of the State
 */
public record Room(
        MailAddress address,
        String name,
        EntityCode entity,
        Type type,
        OptionalInt capacity,
        String location,
        Set<String> features,
        Opening opening,
        Optional<GroupCode> bookers) {
    /** How many people a room may have place for. */
    public static final int CAPACITY_MAX = 100_000;

    private static final int FEATURES_MAX = 32;
    private static final int FEATURE_MAX = 50;

    public Room {
        name = Written.name(name, Written.LABEL_MAX);
        location = location.isBlank() ? "" : Written.name(location, Written.LABEL_MAX);
        TreeSet<String> kept = new TreeSet<>();
        features.forEach(each -> kept.add(Written.name(each, FEATURE_MAX).toLowerCase(Locale.ROOT)));
        features = Set.copyOf(kept);
        if (features.size() > FEATURES_MAX
                || (capacity.isPresent() && (capacity.getAsInt() < 1 || capacity.getAsInt() > CAPACITY_MAX))) {
            throw new ProvisioningRefused(ProvisioningRefused.Reason.BAD_ROOM, address, CAPACITY_MAX, FEATURES_MAX);
        }
    }

    /** What calendars call it (RFC 5545 section 3.2.3). */
    public enum Type {
        ROOM,
        /** A car, a projector. */
        RESOURCE;

        /** Its word, {@code room} or {@code resource}. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /**
         * The type of this word.
         *
         * @throws IllegalArgumentException if there is none
         */
        public static Type of(String word) {
            return valueOf(word.toUpperCase(Locale.ROOT));
        }
    }
}
