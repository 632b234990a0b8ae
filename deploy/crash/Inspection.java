package crash;

import client.Imap;
import client.Ldap;
import client.Sheet;
import client.Sheet.Account;
import crash.Journal.Entry;
import crash.Journal.Kind;
import crash.Journal.Sent;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What is in the mailboxes and in LDAP, against what the journal says. */
final class Inspection {
    private static final Pattern UID = Pattern.compile(".*\\bUID (\\d+)\\b.*");
    private static final Pattern VALIDITY = Pattern.compile(".*\\[UIDVALIDITY (\\d+)\\].*");
    private static final int FETCHED_AT_ONCE = 200;

    /** A message as it lies in a mailbox. */
    private record Found(String uid, String id, String sha256, boolean flagged) {}

    private final Map<String, List<Found>> mailboxes = new HashMap<>();
    private final Map<String, Map<String, List<Found>>> byId = new HashMap<>();
    private final Map<String, List<String>> entries = new HashMap<>();
    private final List<String> faults = new ArrayList<>();
    private int expected;
    private int missing;
    private int doubled;
    private int changed;

    private Inspection() {}

    static Inspection of(Sheet sheet, Cast cast, Journal journal) throws IOException, GeneralSecurityException {
        Inspection inspection = new Inspection();
        for (Account account : List.of(
                cast.plain(), cast.filtering(), cast.redirected(), cast.appending(), cast.importing())) {
            try (Imap imap = Imap.signedIn(sheet, account.login(), account.password())) {
                for (String mailbox : Crash.MAILBOXES) {
                    inspection.mailboxes.put(account.login() + " " + mailbox, read(imap, mailbox));
                }
            }
        }
        try (Ldap ldap = Ldap.signedIn(sheet, sheet.administrator())) {
            inspection.read(ldap, sheet);
        }
        inspection.compare(cast, journal);
        inspection.compareEntries(journal);
        return inspection;
    }

    private static List<Found> read(Imap imap, String mailbox) throws IOException {
        imap.demand("EXAMINE " + mailbox);
        Matcher validity = VALIDITY.matcher(imap.untagged("UIDVALIDITY"));
        if (!validity.matches()) {
            throw new IOException("no UIDVALIDITY");
        }
        int messages = Integer.parseInt(imap.untagged(" EXISTS").split(" ")[1]);
        List<Found> found = new ArrayList<>();
        for (int first = 1; first <= messages; first += FETCHED_AT_ONCE) {
            int last = Math.min(messages, first + FETCHED_AT_ONCE - 1);
            imap.demand("FETCH " + first + ":" + last + " (UID FLAGS BODY.PEEK[])");
            List<String> lines = imap.lines().stream().filter(it -> it.contains(" FETCH (")).toList();
            for (int i = 0; i < lines.size(); i++) {
                found.add(found(validity.group(1), lines.get(i), imap.literals().get(i)));
            }
        }
        return found;
    }

    private void read(Ldap ldap, Sheet sheet) throws IOException {
        byte[] cookie = new byte[0];
        do {
            Ldap.Found page = ldap.search(
                    Load.applications(sheet),
                    "(cn=" + Load.ENTRY + "*)",
                    FETCHED_AT_ONCE,
                    List.of("cn", "description"),
                    Optional.of(cookie),
                    entry -> entries.computeIfAbsent(first(entry, "cn"), _ -> new ArrayList<>())
                            .add(first(entry, "description")));
            if (page.code() != 0) {
                throw new IOException("search: " + page.code());
            }
            cookie = page.cookie();
        } while (cookie.length > 0);
    }

    private static String first(Ldap.Entry entry, String attribute) {
        List<byte[]> values = entry.attributes().getOrDefault(attribute, List.of());
        return values.isEmpty() ? "" : Imap.text(values.getFirst());
    }

    private static Found found(String validity, String line, byte[] message) throws IOException {
        Matcher uid = UID.matcher(line);
        if (!uid.matches()) {
            throw new IOException("no UID in " + line);
        }
        String text = Imap.text(message);
        int end = text.indexOf("\r\n\r\n");
        String id = Arrays.stream(text.substring(0, end).split("\r\n"))
                .filter(it -> it.startsWith(Load.ID + ": "))
                .map(it -> it.substring(Load.ID.length() + 2))
                .findFirst()
                .orElse("");
        byte[] body = Arrays.copyOfRange(message, end + 4, message.length);
        return new Found(validity + " " + uid.group(1), id, Load.sha256(body), line.contains("\\Flagged"));
    }

    private void compare(Cast cast, Journal journal) {
        Map<String, Sent> begun = journal.allBegun();
        for (Sent sent : journal.allAcknowledged()) {
            for (String place : places(cast, sent.kind())) {
                expected++;
                if (copies(place, sent.id()).isEmpty()) {
                    missing++;
                    faults.add("lost: " + sent + " is not in " + place);
                }
            }
        }
        mailboxes.forEach((place, found) -> found.stream()
                .filter(it -> !it.id().isEmpty())
                .forEach(it -> examine(cast, place, it, begun)));
        Map<String, Found> appended = new HashMap<>();
        mailboxes.getOrDefault(cast.appending().login() + " INBOX", List.of()).forEach(it -> appended.put(it.uid(), it));
        journal.allUids().forEach((uid, id) -> {
            Found there = appended.get(uid);
            if (there == null || !there.id().equals(id)) {
                faults.add("UID " + uid + " was answered for " + id + " and is " + there);
            }
        });
        for (String uid : journal.allFlagged()) {
            if (appended.get(uid) != null && !appended.get(uid).flagged()) {
                faults.add("flag: UID " + uid + " was flagged and is not");
            }
        }
    }

    private void compareEntries(Journal journal) {
        journal.allAcknowledgedEntries().forEach((name, entry) -> {
            expected++;
            if (!entries.containsKey(name)) {
                missing++;
                faults.add("lost: " + entry);
            }
        });
        Map<String, Entry> begun = journal.allBegunEntries();
        entries.forEach((name, descriptions) -> {
            if (descriptions.size() > 1) {
                doubled++;
                faults.add("doubled: " + name);
            }
            Entry entry = begun.get(name);
            if (entry == null || !entry.description().equals(descriptions.getFirst())) {
                changed++;
                faults.add("changed: " + name + " is " + descriptions + ", added as " + entry);
            }
        });
    }

    private void examine(Cast cast, String place, Found it, Map<String, Sent> begun) {
        Sent sent = begun.get(it.id());
        if (sent == null || !sent.sha256().equals(it.sha256())) {
            changed++;
            faults.add("changed: " + it + " in " + place + ", sent as " + sent);
            return;
        }
        if (!places(cast, sent.kind()).contains(place)) {
            faults.add("misplaced: " + sent + " in " + place);
        }
        if (copies(place, it.id()).getFirst() != it) {
            doubled++;
            faults.add("doubled: " + sent + " in " + place);
        }
    }

    private List<Found> copies(String place, String id) {
        return byId.computeIfAbsent(place, _ -> {
                    Map<String, List<Found>> ids = new HashMap<>();
                    mailboxes
                            .getOrDefault(place, List.of())
                            .forEach(it -> ids.computeIfAbsent(it.id(), _ -> new ArrayList<>())
                                    .add(it));
                    return ids;
                })
                .getOrDefault(id, List.of());
    }

    private static List<String> places(Cast cast, Kind kind) {
        String plain = cast.plain().login() + " INBOX";
        return switch (kind) {
            case PLAIN -> List.of(plain, cast.filtering().login() + " INBOX");
            case FILED -> List.of(plain, cast.filtering().login() + " Archive");
            case REDIRECTED -> List.of(plain, cast.redirected().login() + " INBOX");
            case APPENDED -> List.of(cast.appending().login() + " INBOX");
            case IMPORTED -> List.of(cast.importing().login() + " INBOX");
        };
    }

    /** How many messages each mailbox holds, and how many entries there are. */
    Map<String, Integer> found() {
        Map<String, Integer> sizes = new HashMap<>(Map.of(Load.ENTRY, entries.size()));
        mailboxes.forEach((place, found) -> sizes.put(place, found.size()));
        return sizes;
    }

    int missing() {
        return missing;
    }

    List<String> faults() {
        return faults;
    }

    String table() {
        return "expected %d (%d of them entries), lost %d, doubled %d, changed %d%n"
                .formatted(expected, entries.size(), missing, doubled, changed);
    }
}
