package tg.gouv.messagerie.directory.provisioning;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.provisioning.Register.Registered;

/**
 * People, found by the beginning of what is known of them: every word of a text begins a word of their names, without accents and case and
 * in any order, or their registration number; or the text begins one of their addresses.
 *
 * <p>Who acts finds people, whatever the state of their accounts, in those parts of the State in which they have a right that is of people
 * ({@link tg.gouv.messagerie.directory.rights.Right#isOfPeople}); operators of the machine find everybody. May be called from any thread that
 * may block.
 */
public interface PeopleIndex {
    /** How long a text may be. */
    int TEXT_MAX = 100;

    /** Up to how many people it is said how many there are. */
    int COUNTED_MAX = 1_000;

    /**
     * A page of those who are found, in the order of their family names and given names.
     *
     * @param within absent, wherever who acts may look
     * @param after where the page before ended
     * @param most at most {@link Register#PAGE_MAX}
     * @throws ProvisioningRefused with {@link ProvisioningRefused.Reason#NOTHING_SOUGHT} for a text that is too long or has no word; if there
     *     is no such entity; if who acts may look nowhere in it, which the audit trail is told
     * @throws tg.gouv.messagerie.platform.database.StoreUnavailable if PostgreSQL does not answer
     */
    Page find(Optional<EntityCode> within, String text, Optional<After> after, int most);

    /**
     * Some of those who are found.
     *
     * @param next where the next page begins; absent, these are the last
     * @param counted how many there are on all pages, {@link #COUNTED_MAX} at most
     * @param isMore whether there are more than were counted
     */
    record Page(List<Registered> people, Optional<After> next, int counted, boolean isMore) {
        public Page {
            people = List.copyOf(people);
        }
    }

    /** A place between two people: whoever is added or removed, nobody comes twice and nobody is left out. */
    record After(String name, AccountId account) {
        private static final int ID_BYTES = 2 * Long.BYTES;

        /** The place as a word of letters, digits, hyphens and underscores. */
        public String text() {
            byte[] written = name.getBytes(StandardCharsets.UTF_8);
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(ByteBuffer.allocate(ID_BYTES + written.length)
                            .putLong(account.value().getMostSignificantBits())
                            .putLong(account.value().getLeastSignificantBits())
                            .put(written)
                            .array());
        }

        /**
         * Reads what {@link #text} wrote.
         *
         * @throws IllegalArgumentException if it did not
         */
        public static After of(String text) {
            byte[] octets = Base64.getUrlDecoder().decode(text);
            if (octets.length < ID_BYTES) {
                throw new IllegalArgumentException("not a place between two people: " + text);
            }
            ByteBuffer id = ByteBuffer.wrap(octets);
            String name = new String(Arrays.copyOfRange(octets, ID_BYTES, octets.length), StandardCharsets.UTF_8);
            if (name.indexOf(0) >= 0) {
                throw new IllegalArgumentException("not a name: " + text);
            }
            return new After(name, new AccountId(new UUID(id.getLong(), id.getLong())));
        }
    }
}
