package tg.gouv.messagerie.directory.provisioning;

import java.time.DayOfWeek;
import java.time.LocalTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * When a room may be used in a week, on the clock of the place where it is.
 *
 * @param spans none: at any time
 */
public record Opening(List<Span> spans) {
    /** At any time. */
    public static final Opening ALWAYS = new Opening(List.of());

    private static final int SPANS_MAX = 20;
    private static final Pattern SPAN =
            Pattern.compile("([A-Za-z]{2})(?:-([A-Za-z]{2}))? (\\d\\d:\\d\\d)-(\\d\\d:\\d\\d)");

    public Opening {
        spans = List.copyOf(spans);
        if (spans.size() > SPANS_MAX) {
            throw new IllegalArgumentException("at most " + SPANS_MAX + " spans");
        }
    }

    /**
     * The same hours on days that follow one another.
     *
     * @param ends after {@code begins}, on the same day
     */
    public record Span(DayOfWeek first, DayOfWeek last, LocalTime begins, LocalTime ends) {
        public Span {
            if (first.compareTo(last) > 0 || !begins.isBefore(ends)) {
                throw new IllegalArgumentException("a span begins before it ends");
            }
        }

        private String text() {
            return (first == last ? word(first) : word(first) + "-" + word(last)) + " " + begins + "-" + ends;
        }
    }

    /**
     * Reads {@code Mo-Fr 07:00-18:00; Sa 08:00-12:00}; an empty text is {@link #ALWAYS}.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static Opening parse(String text) {
        List<Span> spans = new ArrayList<>();
        if (!text.isBlank()) {
            for (String each : text.split(";", -1)) {
                Matcher span = SPAN.matcher(each.strip());
                if (!span.matches()) {
                    throw new IllegalArgumentException("no opening hours: " + each.length() + " characters");
                }
                DayOfWeek first = day(span.group(1));
                spans.add(new Span(
                        first,
                        span.group(2) == null ? first : day(span.group(2)),
                        time(span.group(3)),
                        time(span.group(4))));
            }
        }
        return new Opening(spans);
    }

    /** As {@link #parse} reads it. */
    public String text() {
        return spans.stream().map(Span::text).collect(Collectors.joining("; "));
    }

    private static DayOfWeek day(String word) {
        for (DayOfWeek day : DayOfWeek.values()) {
            if (word(day).equalsIgnoreCase(word)) {
                return day;
            }
        }
        throw new IllegalArgumentException("no day: " + word);
    }

    private static LocalTime time(String text) {
        try {
            return LocalTime.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static String word(DayOfWeek day) {
        String name = day.name();
        return name.charAt(0) + name.substring(1, 2).toLowerCase(Locale.ROOT);
    }
}
