package tg.gouv.messagerie.platform.settings;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The types a setting may have, and how each is written. */
final class Notations {
    private static final Map<Class<?>, Notation> KNOWN = Map.of(
            String.class, new Text(),
            boolean.class, new Switch(),
            Boolean.class, new Switch(),
            int.class, new Whole(Integer.MIN_VALUE, Integer.MAX_VALUE),
            Integer.class, new Whole(Integer.MIN_VALUE, Integer.MAX_VALUE),
            long.class, new Whole(Long.MIN_VALUE, Long.MAX_VALUE),
            Long.class, new Whole(Long.MIN_VALUE, Long.MAX_VALUE),
            Duration.class, new Time(),
            Path.class, new Place(),
            Secret.class, new SecretFile());

    private Notations() {}

    /** How values of the type are written, if settings may have it. */
    static Optional<Notation> of(Class<?> type) {
        Notation known = KNOWN.get(type);
        if (known != null) {
            return Optional.of(known);
        }
        return type.isEnum() ? Optional.of(new Choice(type)) : Parsed.of(type);
    }

    private record Text() implements Notation {
        @Override
        public Reading read(Object written, Path baseDirectory) {
            return written instanceof String
                    ? new Reading.Value(written)
                    : new Reading.Misfit("expected.string", TomlLiteral.of(written));
        }

        @Override
        public String called() {
            return "text";
        }

        @Override
        public String example() {
            return "\"…\"";
        }
    }

    private record Switch() implements Notation {
        @Override
        public Reading read(Object written, Path baseDirectory) {
            return written instanceof Boolean
                    ? new Reading.Value(written)
                    : new Reading.Misfit("expected.boolean", TomlLiteral.of(written));
        }

        @Override
        public String called() {
            return "true or false";
        }

        @Override
        public String example() {
            return "true";
        }
    }

    private record Whole(long least, long most) implements Notation {
        @Override
        public Reading read(Object written, Path baseDirectory) {
            if (!(written instanceof Long number)) {
                return new Reading.Misfit("expected.integer", TomlLiteral.of(written));
            }
            if (number < least || number > most) {
                return new Reading.Misfit(
                        "expected.range", String.valueOf(least), String.valueOf(most), String.valueOf(number));
            }
            return new Reading.Value(most == Integer.MAX_VALUE ? (Object) number.intValue() : number);
        }

        @Override
        public String called() {
            return "integer";
        }

        @Override
        public String example() {
            return "1";
        }
    }

    private record Time() implements Notation {
        private static final Pattern WRITTEN = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");

        @Override
        public Reading read(Object written, Path baseDirectory) {
            if (written instanceof String text) {
                Matcher parts = WRITTEN.matcher(text);
                if (parts.matches()) {
                    return new Reading.Value(duration(Long.parseLong(parts.group(1)), parts.group(2)));
                }
            }
            return new Reading.Misfit("expected.duration", TomlLiteral.of(written));
        }

        private static Duration duration(long number, String unit) {
            return switch (unit) {
                case "ms" -> Duration.ofMillis(number);
                case "s" -> Duration.ofSeconds(number);
                case "m" -> Duration.ofMinutes(number);
                case "h" -> Duration.ofHours(number);
                default -> Duration.ofDays(number);
            };
        }

        @Override
        public String called() {
            return "duration";
        }

        @Override
        public String example() {
            return "\"30s\"";
        }
    }

    private record Place() implements Notation {
        @Override
        public Reading read(Object written, Path baseDirectory) {
            if (written instanceof String text && !text.isBlank()) {
                try {
                    return new Reading.Value(baseDirectory.resolve(text));
                } catch (InvalidPathException e) {
                    // said below
                }
            }
            return new Reading.Misfit("expected.path", TomlLiteral.of(written));
        }

        @Override
        public String shown(Object written, Object value) {
            return TomlLiteral.of(value.toString());
        }

        @Override
        public String called() {
            return "path";
        }

        @Override
        public String example() {
            return "\"/…\"";
        }
    }

    /** The constants of an enum, in kebab-case. */
    private record Choice(SequencedMap<String, Object> values) implements Notation {
        Choice(Class<?> type) {
            this(new LinkedHashMap<>());
            for (Object constant : type.getEnumConstants()) {
                values.put(((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-'), constant);
            }
        }

        @Override
        public Reading read(Object written, Path baseDirectory) {
            Object value = written instanceof String ? values.get(written) : null;
            if (value != null) {
                return new Reading.Value(value);
            }
            String known = String.join(", ", values.keySet());
            String found = TomlLiteral.of(written);
            return Suggestion.closest(String.valueOf(written), values.keySet())
                    .map(meant -> new Reading.Misfit("expected.choice.meant", known, found, meant))
                    .orElseGet(() -> new Reading.Misfit("expected.choice", known, found));
        }

        @Override
        public String called() {
            return "one of " + String.join(", ", values.keySet());
        }

        @Override
        public String example() {
            return "\"" + values.firstEntry().getKey() + "\"";
        }
    }

    /** What a type's own static {@code parse(String)} reads. */
    private record Parsed(Method parse, String called) implements Notation {
        static Optional<Notation> of(Class<?> type) {
            return Arrays.stream(type.getDeclaredMethods())
                    .filter(method -> method.getName().equals("parse")
                            && Modifier.isStatic(method.getModifiers())
                            && !Modifier.isPrivate(method.getModifiers())
                            && Arrays.equals(method.getParameterTypes(), new Class<?>[] {String.class})
                            && method.getReturnType().equals(type))
                    .findAny()
                    .map(method ->
                            new Parsed(method, Table.kebab(type.getSimpleName()).replace('-', ' ')));
        }

        @Override
        public Reading read(Object written, Path baseDirectory) {
            if (!(written instanceof String)) {
                return new Reading.Misfit("expected.string", TomlLiteral.of(written));
            }
            try {
                parse.setAccessible(true);
                return new Reading.Value(parse.invoke(null, written));
            } catch (InvocationTargetException e) {
                return refused(e.getCause());
            } catch (IllegalAccessException e) {
                throw new IllegalStateException("cannot call " + parse, e);
            }
        }

        private Reading refused(@Nullable Throwable failure) {
            if (failure instanceof IllegalArgumentException) {
                return new Reading.Misfit("refused", String.valueOf(failure.getMessage()));
            }
            throw new IllegalStateException(parse + " failed", failure);
        }

        @Override
        public String example() {
            return "\"…\"";
        }
    }
}
