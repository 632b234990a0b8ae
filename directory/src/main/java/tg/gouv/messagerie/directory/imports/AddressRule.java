package tg.gouv.messagerie.directory.imports;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tg.gouv.messagerie.directory.MailAddress;

/**
 * How the people of an entity get their addresses: {@code {given}.{family}@energie.gouv.tg}.
 *
 * @param localPart of names in braces ({@code given}, {@code first}: the first of the given names, {@code initial} of it,
 *     {@code family}), letters, digits, dots, hyphens and underscores
 * @param domain in lower case
 */
public record AddressRule(String localPart, String domain) {
    /** Nobody is called this: who writes to it must reach whoever runs the domain (RFC 2142), or nobody. */
    private static final Set<String> RESERVED = Set.of(
            "abuse",
            "admin",
            "administrateur",
            "administrator",
            "daemon",
            "ftp",
            "hostmaster",
            "info",
            "mailer-daemon",
            "marketing",
            "news",
            "no-reply",
            "nobody",
            "noc",
            "noreply",
            "postmaster",
            "root",
            "sales",
            "security",
            "ssladmin",
            "sslwebmaster",
            "support",
            "sysadmin",
            "usenet",
            "uucp",
            "webmaster",
            "www");

    private static final Pattern PART = Pattern.compile("\\{(given|first|initial|family)}|[a-z0-9._-]+");
    private static final int LOCAL_PART_MAX = 64; // RFC 5321 section 4.5.3.1.1

    /** As many people as may share a name. */
    private static final int NUMBER_MAX = 99_999;

    public AddressRule {
        Matcher parts = PART.matcher(localPart);
        int end = 0;
        boolean named = false;
        while (parts.find() && parts.start() == end) {
            end = parts.end();
            named |= parts.group(1) != null;
        }
        if (end != localPart.length()
                || !named
                || MailAddress.parse("a@" + domain).isEmpty()) {
            throw new IllegalArgumentException(
                    "an address rule is made of {given}, {first}, {initial}, {family}, letters, digits, dots, hyphens and"
                            + " underscores, then @ and a domain, as {given}.{family}@gouv.tg; found \"" + localPart
                            + "@"
                            + domain + "\"");
        }
    }

    /**
     * Reads a rule as people write it.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static AddressRule parse(String text) {
        String lower = text.strip().toLowerCase(Locale.ROOT);
        int at = lower.lastIndexOf('@');
        return new AddressRule(lower.substring(0, Math.max(at, 0)), lower.substring(at + 1));
    }

    /**
     * The address that these names lead to: the first of {@code kofi.mensah}, {@code kofi.mensah2}, {@code kofi.mensah3} … that is free
     * and not reserved. None if the names have no letter that ASCII can write.
     *
     * @param given may be empty: some people have one name
     */
    public Optional<MailAddress> address(String given, String family, Predicate<MailAddress> taken) {
        return address(given, family, taken, new HashMap<>());
    }

    /**
     * The same, for many people one after the other: what was found taken is not tried again.
     *
     * @param taken whatever it was true of it stays true of
     * @param numbers what this method keeps from one call to the next, empty before the first
     */
    Optional<MailAddress> address(
            String given, String family, Predicate<MailAddress> taken, Map<String, Integer> numbers) {
        String base = base(given, family);
        if (base.isEmpty()) {
            return Optional.empty();
        }
        String key = base + "@" + domain;
        for (int number = numbers.getOrDefault(key, 1); number <= NUMBER_MAX; number++) {
            String written = cut(base, number == 1 ? "" : String.valueOf(number));
            if (!isReserved(written)) {
                MailAddress address = new MailAddress(written, domain);
                if (!taken.test(address)) {
                    numbers.put(key, number);
                    return Optional.of(address);
                }
            }
        }
        return Optional.empty();
    }

    /** Whether nobody gets this local part. */
    static boolean isReserved(String localPart) {
        return RESERVED.contains(localPart);
    }

    private String base(String given, String family) {
        String all = Fold.ascii(given);
        int space = given.strip().indexOf(' ');
        String first = space < 0 ? all : Fold.ascii(given.strip().substring(0, space));
        String base = localPart
                .replace("{given}", all)
                .replace("{first}", first)
                .replace("{initial}", first.isEmpty() ? "" : first.substring(0, 1))
                .replace("{family}", Fold.ascii(family));
        return trimmed(base);
    }

    /** Without the separators of names that are not there: no address begins or ends with a dot, or has two. */
    private static String trimmed(String text) {
        return text.replaceAll("\\.[._-]+|[_-]+\\.", ".").replaceAll("^[._-]+|[._-]+$", "");
    }

    private static String cut(String base, String number) {
        return trimmed(base.substring(0, Math.min(base.length(), LOCAL_PART_MAX - number.length()))) + number;
    }

    @Override
    public String toString() {
        return localPart + "@" + domain;
    }
}
