package tg.gouv.messagerie.portal.management.groups;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import tg.gouv.messagerie.directory.Account;
import tg.gouv.messagerie.directory.Directory;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.portal.pages.PageRefused;
import tg.gouv.messagerie.portal.pages.Visit;

/** Addresses that somebody wrote one below the other: people's, or function mailboxes'. */
final class AddressLines {
    /** So many lines at once. */
    private static final int LINES_MAX = 500;

    private static final int TOLD_MAX = 20;
    private static final int SHOWN_MAX = 80;

    private AddressLines() {}

    /**
     * What those are called whose addresses these are, by their primary addresses, in the order in which they were written.
     *
     * @param present addresses that are taken as they are, also if nobody receives by them any more
     * @throws PageRefused with every line that is wrong
     */
    static Map<MailAddress, String> read(
            Visit visit, String field, Directory directory, Predicate<MailAddress> present) {
        List<String> lines = visit.form().text(field).lines().map(String::strip).toList();
        if (lines.size() > LINES_MAX) {
            throw new PageRefused(422, "lines.many", String.valueOf(LINES_MAX));
        }
        Map<Integer, MailAddress> addresses = new LinkedHashMap<>();
        List<String> wrong = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (!line.isEmpty()) {
                Optional<MailAddress> address = MailAddress.parse(line);
                if (address.isPresent()) {
                    addresses.put(i + 1, address.get());
                } else {
                    wrong.add(told(visit, "lines.no-address", i + 1, line));
                }
            }
        }
        Map<MailAddress, Account> known = new HashMap<>(directory.byAddresses(addresses.values()));
        known.values().removeIf(it -> it.kind() != Account.Kind.PERSON && it.kind() != Account.Kind.FUNCTION);
        Map<MailAddress, String> found = new LinkedHashMap<>();
        addresses.forEach((number, address) -> {
            Account account = known.get(address);
            if (account == null && present.test(address)) {
                found.put(address, address.toString());
            } else if (account == null) {
                wrong.add(told(visit, "lines.nobody", number, address.toString()));
            } else {
                found.put(account.primary(), account.displayName());
            }
        });
        refuse(visit, wrong);
        return found;
    }

    /** Refuses what is wrong, if something is. */
    static void refuse(Visit visit, List<String> wrong) {
        if (!wrong.isEmpty()) {
            String told = String.join(" ", wrong.subList(0, Math.min(TOLD_MAX, wrong.size())));
            throw new PageRefused(
                    422,
                    "lines.wrong",
                    wrong.size() > TOLD_MAX
                            ? told + " " + visit.shell().text("lines.more", wrong.size() - TOLD_MAX)
                            : told);
        }
    }

    private static String told(Visit visit, String key, int number, String line) {
        return visit.shell().text(key, number, line.substring(0, Math.min(SHOWN_MAX, line.length())));
    }
}
