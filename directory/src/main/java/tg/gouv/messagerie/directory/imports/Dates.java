package tg.gouv.messagerie.directory.imports;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Days and moments as files have them: {@code 2026-01-31}, {@code 31/01/2026}, {@code 2026-01-31T08:00:00Z}; days begin in UTC. */
final class Dates {
    private static final Pattern ISO = Pattern.compile("(\\d{4})-(\\d{1,2})-(\\d{1,2})");
    private static final Pattern FRENCH = Pattern.compile("(\\d{1,2})/(\\d{1,2})/(\\d{4})");
    private static final Instant FIRST = Instant.parse("1900-01-01T00:00:00Z");
    private static final Instant LAST = Instant.parse("2200-01-01T00:00:00Z");

    private Dates() {}

    /** The moment that a text means, unless there is no such day or it is of another century. */
    static Optional<Instant> read(String text) {
        try {
            Matcher iso = ISO.matcher(text);
            Matcher french = FRENCH.matcher(text);
            Instant read = iso.matches()
                    ? day(iso.group(1), iso.group(2), iso.group(3))
                    : french.matches()
                            ? day(french.group(3), french.group(2), french.group(1))
                            : Instant.parse(text).truncatedTo(ChronoUnit.MICROS);
            return Optional.of(read).filter(it -> !it.isBefore(FIRST) && it.isBefore(LAST));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** A moment as it is read again. */
    static String written(Instant moment) {
        return moment.equals(moment.truncatedTo(ChronoUnit.DAYS))
                ? moment.atOffset(ZoneOffset.UTC).toLocalDate().toString()
                : moment.toString();
    }

    private static Instant day(String year, String month, String day) {
        return LocalDate.of(Integer.parseInt(year), Integer.parseInt(month), Integer.parseInt(day))
                .atStartOfDay(ZoneOffset.UTC)
                .toInstant();
    }
}
