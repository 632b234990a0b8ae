package tg.gouv.messagerie.portal.account;

import java.util.List;

/**
 * What the first page of « Mon compte » shows.
 *
 * @param others further and former addresses
 * @param functions function mailboxes that the person may use now
 * @param cards the pages there are, as the last segments of their addresses
 */
public record Home(
        String name,
        String primary,
        List<String> others,
        List<Function> functions,
        boolean secondFactor,
        List<String> cards) {
    public Home {
        others = List.copyOf(others);
        functions = List.copyOf(functions);
        cards = List.copyOf(cards);
    }

    /**
     * A function mailbox.
     *
     * @param access {@code holder} or {@code reader}
     */
    public record Function(String name, String address, String access) {}
}
