package tg.gouv.messagerie.platform.settings;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tg.gouv.messagerie.platform.settings.Table.Shape.Maybe;
import tg.gouv.messagerie.platform.settings.Table.Shape.MaybeTable;
import tg.gouv.messagerie.platform.settings.Table.Shape.One;
import tg.gouv.messagerie.platform.settings.Table.Shape.OneTable;
import tg.gouv.messagerie.platform.settings.Table.Shape.Several;
import tg.gouv.messagerie.platform.settings.Table.Shape.SeveralTables;

/** What may stand in a table of the file: the components of a record, in their order. */
record Table(Class<? extends Record> type, List<Setting> settings) {

    /**
     * One of them.
     *
     * @param byDefault the value when the file is silent, as TOML makes of it
     */
    record Setting(String key, Shape shape, Doc doc, Optional<Object> byDefault) {}

    /** Values, or tables, and how many. */
    sealed interface Shape {
        /** A value. */
        record One(Notation notation) implements Shape {}

        /** A value or none. */
        record Maybe(Notation notation) implements Shape {}

        /** A list of values. */
        record Several(Notation notation) implements Shape {}

        /** A table; when the file has none, one of defaults. */
        record OneTable(Table table) implements Shape {}

        /** A table or none. */
        record MaybeTable(Table table) implements Shape {}

        /** A list of tables. */
        record SeveralTables(Table table) implements Shape {}
    }

    /**
     * The table that a record describes.
     *
     * @throws IllegalStateException naming the component that cannot be a setting
     */
    static Table of(Class<? extends Record> type) {
        return of(type, List.of());
    }

    private static Table of(Class<? extends Record> type, List<Class<?>> around) {
        if (around.contains(type)) {
            throw new IllegalStateException(type.getName() + " contains itself");
        }
        List<Class<?>> within = new ArrayList<>(around);
        within.add(type);
        List<Setting> settings = Arrays.stream(type.getRecordComponents())
                .map(component -> setting(component, within))
                .toList();
        return new Table(type, settings);
    }

    private static Setting setting(RecordComponent component, List<Class<?>> around) {
        Doc doc = component.getAnnotation(Doc.class);
        demand(doc != null, component, "has no @Doc");
        Shape shape = shape(component, around);
        boolean silent = doc.byDefault().isEmpty();
        demand(silent || !ofTables(shape), component, "is a table: its defaults are those of its components");
        Optional<Object> byDefault = Optional.empty();
        if (!silent) {
            try {
                byDefault = Optional.of(TomlLiteral.parse(doc.byDefault()));
            } catch (IllegalArgumentException e) {
                throw new IllegalStateException(named(component) + " has a default that is not TOML", e);
            }
        }
        return new Setting(kebab(component.getName()), shape, doc, byDefault);
    }

    private static Shape shape(RecordComponent component, List<Class<?>> around) {
        Type type = component.getGenericType();
        Class<?> container = Object.class;
        if (type instanceof ParameterizedType generic) {
            container = component.getType();
            type = generic.getActualTypeArguments()[0];
        }
        boolean one = container == Object.class;
        boolean maybe = container == Optional.class;
        demand((one || maybe || container == List.class) && type instanceof Class<?>, component, UNSUPPORTED);
        Class<?> bare = (Class<?>) type;
        if (bare.isRecord() && Notations.of(bare).isEmpty()) {
            Table table = of(bare.asSubclass(Record.class), around);
            return one ? new OneTable(table) : maybe ? new MaybeTable(table) : new SeveralTables(table);
        }
        Notation notation = Notations.of(bare)
                .orElseThrow(() -> new IllegalStateException(named(component) + " " + UNSUPPORTED + ": " + bare));
        return one ? new One(notation) : maybe ? new Maybe(notation) : new Several(notation);
    }

    private static final String UNSUPPORTED = "has a type that settings cannot have";

    private static void demand(boolean holds, RecordComponent component, String otherwise) {
        if (!holds) {
            throw new IllegalStateException(named(component) + " " + otherwise);
        }
    }

    private static String named(RecordComponent component) {
        return component.getDeclaringRecord().getName() + "." + component.getName();
    }

    static boolean ofTables(Shape shape) {
        return switch (shape) {
            case OneTable _, MaybeTable _, SeveralTables _ -> true;
            case One _, Maybe _, Several _ -> false;
        };
    }

    List<String> keys() {
        return settings.stream().map(Setting::key).toList();
    }

    /** The names of all settings and tables below, such as {@code imap.listen}. */
    List<String> paths() {
        List<String> paths = new ArrayList<>();
        for (Setting setting : settings) {
            paths.add(setting.key());
            List<String> below = switch (setting.shape()) {
                case One _, Maybe _, Several _ -> List.of();
                case OneTable(Table table) -> table.paths();
                case MaybeTable(Table table) -> table.paths();
                case SeveralTables(Table table) -> table.paths();
            };
            below.forEach(path -> paths.add(setting.key() + "." + path));
        }
        return paths;
    }

    /**
     * The record of these components.
     *
     * @throws IllegalArgumentException if the record refuses them
     */
    Record record(List<Object> values) {
        Class<?>[] types = Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getType)
                .toArray(Class<?>[]::new);
        try {
            var constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(values.toArray());
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IllegalArgumentException refusal) {
                throw refusal;
            }
            throw new IllegalStateException(type.getName() + " failed instead of refusing", e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot make a " + type.getName(), e);
        }
    }

    /** The key of a component: {@code idleTimeout} is {@code idle-timeout}. */
    static String kebab(String name) {
        return name.replaceAll("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "-")
                .toLowerCase(Locale.ROOT);
    }
}
