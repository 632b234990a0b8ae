package tg.gouv.messagerie.directory.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.access.PartPlaces;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Sql;

/** Where things are now; what was moved or erased is where it is, or nowhere. */
final class PostgresPartPlaces implements PartPlaces {
    private static final String PART = """
            with recursive part(id) as (
                select id from entity where code = ?
                union select e.id from entity e join part on e.parent_id = part.id)
            """;

    private static final Map<String, String> CODES = Map.of(
            "entity", "select code from entity where code = any(?) and id in (select id from part)",
            "position", "select code from position where code = any(?) and entity_id in (select id from part)",
            "group", "select code from people_group where code = any(?) and entity_id in (select id from part)");

    private final Connections connections;

    PostgresPartPlaces(Connections connections) {
        this.connections = connections;
    }

    @Override
    public boolean isThere(EntityCode entity) {
        return connections
                .autoCommit(c -> Sql.first(c, row -> true, "select from entity where code = ?", entity.value()))
                .isPresent();
    }

    @Override
    public Set<String> within(EntityCode entity, Collection<String> subjects) {
        Map<String, List<String>> byKind = subjects.stream()
                .filter(subject -> subject.indexOf(':') > 0)
                .collect(Collectors.groupingBy(subject -> subject.substring(0, subject.indexOf(':'))));
        return connections.autoCommit(c -> {
            Set<String> within = accounts(c, entity, byKind);
            for (Map.Entry<String, String> kind : CODES.entrySet()) {
                List<String> named = byKind.getOrDefault(kind.getKey(), List.of());
                if (!named.isEmpty()) {
                    Set<String> codes = Set.copyOf(Sql.query(
                            c,
                            row -> row.getString(1),
                            PART + kind.getValue(),
                            entity.value(),
                            named.stream()
                                    .map(PostgresPartPlaces::name)
                                    .distinct()
                                    .toArray(String[]::new)));
                    add(within, named, subject -> codes.contains(name(subject)));
                }
            }
            return within;
        });
    }

    private static Set<String> accounts(Connection c, EntityCode entity, Map<String, List<String>> byKind)
            throws SQLException {
        Set<String> within = new HashSet<>();
        List<String> named = new ArrayList<>(byKind.getOrDefault("account", List.of()));
        named.addAll(byKind.getOrDefault("mailbox", List.of()));
        UUID[] ids = named.stream()
                .map(PostgresPartPlaces::owner)
                .distinct()
                .filter(PostgresPartPlaces::isId)
                .map(UUID::fromString)
                .toArray(UUID[]::new);
        if (ids.length > 0) {
            Set<String> owners = Set.copyOf(Sql.query(
                    c,
                    row -> row.getString(1),
                    PART
                            + "select account_id::text from account_place where account_id = any(?) and entity_id in (select id from part)",
                    entity.value(),
                    ids));
            add(within, named, subject -> owners.contains(owner(subject)));
        }
        return within;
    }

    private static void add(Set<String> within, List<String> named, Predicate<String> belongs) {
        named.stream().filter(belongs).forEach(within::add);
    }

    private static String name(String subject) {
        return subject.substring(subject.indexOf(':') + 1);
    }

    /** The id of the account, of which a mailbox is a part. */
    private static String owner(String subject) {
        return Arrays.asList(name(subject).split("/", 2)).getFirst();
    }

    private static boolean isId(String text) {
        return text.matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    }
}
