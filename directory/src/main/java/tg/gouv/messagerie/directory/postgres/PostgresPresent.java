package tg.gouv.messagerie.directory.postgres;

import java.nio.ByteBuffer;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.imports.AddressRule;
import tg.gouv.messagerie.directory.imports.KnownPerson;
import tg.gouv.messagerie.directory.imports.Present;
import tg.gouv.messagerie.platform.database.Sql;

/** The directory as a connection sees it, asked for thousands of things at once. */
record PostgresPresent(Connection connection) implements Present {
    /** One question's worth. */
    private static final int AT_ONCE = 5_000;

    private static final String PEOPLE = """
            select p.id, p.account_id, p.registration_number, p.given_name, p.family_name, p.language, coalesce(e.code, ''),
                a.state, c.account_id is not null,
                (select array_agg(d.role || ' ' || d.address) from address d where d.account_id = a.id),
                (select array_agg(concat_ws(' ', s.id, o.code, extract(epoch from s.starts) * 1000000,
                        extract(epoch from s.ends) * 1000000) order by s.starts, s.id)
                    from assignment s join position o on o.id = s.position_id where s.person_id = p.id)
            from person p join account a on a.id = p.account_id left join entity e on e.id = p.entity_id
                left join credential c on c.account_id = a.id
            where p.registration_number = any(?)
            """;

    @Override
    public Map<String, KnownPerson> people(Collection<String> numbers) {
        Map<String, KnownPerson> people = new HashMap<>();
        each(
                numbers,
                some -> Sql.query(connection, PostgresPresent::person, PEOPLE, (Object) some)
                        .forEach(it -> people.put(it.number(), it)));
        return people;
    }

    @Override
    public Map<String, Part> entities() {
        Map<String, Part> entities = new HashMap<>();
        ask(() -> {
            Sql.query(
                    connection,
                    row -> entities.put(
                            row.getString(1),
                            new Part(
                                    Optional.ofNullable(row.getString(2)),
                                    Optional.ofNullable(row.getString(3)).map(AddressRule::parse))),
                    """
                    select e.code, p.code, r.rule from entity e left join entity p on p.id = e.parent_id
                        left join address_rule r on r.entity_id = e.id
                    """);
        });
        return entities;
    }

    @Override
    public Set<String> positions(Collection<String> codes) {
        Set<String> positions = new HashSet<>();
        each(
                codes,
                some -> positions.addAll(Sql.query(
                        connection, row -> row.getString(1), "select code from position where code = any(?)", (Object)
                                some)));
        return positions;
    }

    @Override
    public Set<String> domains() {
        Set<String> domains = new HashSet<>();
        ask(() -> domains.addAll(Sql.query(connection, row -> row.getString(1), "select name from domain")));
        return domains;
    }

    @Override
    public Map<String, Owner> owners(Collection<String> addresses) {
        Map<String, Owner> owners = new HashMap<>();
        each(
                addresses,
                some -> Sql.query(
                        connection,
                        row -> owners.put(row.getString(1), new Owner(row.getObject(2, UUID.class), row.getString(3))),
                        """
                select d.address, a.id, a.display_name
                from (select address, account_id from address union all select address, account_id from retired_address) d
                    join account a on a.id = d.account_id
                where d.address = any(?)
                union all
                select asked.address, '00000000-0000-0000-0000-000000000000'::uuid, '—'
                from unnest(?::text[]) asked(address) join reserved_address r on r.digest = address_digest(asked.address)
                """,
                        some,
                        some));
        return owners;
    }

    @Override
    public Set<String> localParts(String domain) {
        Set<String> localParts = new HashSet<>();
        ask(() -> localParts.addAll(Sql.query(connection, row -> row.getString(1), """
                select split_part(address, '@', 1) from address where domain = ?
                union all select split_part(address, '@', 1) from retired_address where split_part(address, '@', 2) = ?
                """, domain, domain)));
        return localParts;
    }

    @Override
    public Predicate<MailAddress> reserved() {
        Set<ByteBuffer> digests = new HashSet<>();
        ask(() -> Sql.query(
                connection,
                row -> digests.add(ByteBuffer.wrap(row.getBytes(1))),
                "select digest from reserved_address"));
        return address -> !digests.isEmpty() && digests.contains(ByteBuffer.wrap(ErasureRows.digest(address)));
    }

    @Override
    public void everybody(Visitor visitor) {
        ask(() -> {
            try (PreparedStatement statement = connection.prepareStatement("""
                    select coalesce(p.registration_number, ''), p.given_name, p.family_name, coalesce(e.code, '')
                    from person p left join entity e on e.id = p.entity_id order by p.id
                    """)) {
                statement.setFetchSize(AT_ONCE); // in a transaction, a part at a time
                try (ResultSet rows = statement.executeQuery()) {
                    while (rows.next()) {
                        visitor.see(rows.getString(1), rows.getString(2), rows.getString(3), rows.getString(4));
                    }
                }
            }
        });
    }

    @Override
    public long count() {
        List<Long> count = new ArrayList<>();
        ask(() -> count.addAll(Sql.query(connection, row -> row.getLong(1), "select count(*) from person")));
        return count.getFirst();
    }

    private static KnownPerson person(ResultSet row) throws SQLException {
        Map<String, String> addresses = new HashMap<>();
        for (String each : texts(row, 10)) {
            int space = each.indexOf(' ');
            addresses.put(each.substring(space + 1), each.substring(0, space));
        }
        List<KnownPerson.Held> held = new ArrayList<>();
        for (String each : texts(row, 11)) {
            String[] parts = each.split(" ", -1);
            held.add(new KnownPerson.Held(
                    UUID.fromString(parts[0]), parts[1], moment(parts[2]), parts.length > 3 ? moment(parts[3]) : null));
        }
        return new KnownPerson(
                row.getObject(1, UUID.class),
                row.getObject(2, UUID.class),
                row.getString(3),
                row.getString(4),
                row.getString(5),
                row.getString(6),
                row.getString(7),
                row.getString(8),
                addresses,
                held,
                row.getBoolean(9));
    }

    private static String[] texts(ResultSet row, int column) throws SQLException {
        Array array = row.getArray(column);
        return array == null ? new String[0] : (String[]) array.getArray();
    }

    /** Microseconds since 1970, as PostgreSQL writes a numeric. */
    private static Instant moment(String micros) {
        int point = micros.indexOf('.');
        long value = Long.parseLong(point < 0 ? micros : micros.substring(0, point));
        return Instant.ofEpochSecond(Math.floorDiv(value, 1_000_000), Math.floorMod(value, 1_000_000) * 1_000L);
    }

    @FunctionalInterface
    private interface Question {
        void ask() throws SQLException;
    }

    @FunctionalInterface
    private interface Some {
        void ask(String[] some) throws SQLException;
    }

    private void each(Collection<String> all, Some question) {
        List<String> list = List.copyOf(all);
        for (int from = 0; from < list.size(); from += AT_ONCE) {
            String[] some =
                    list.subList(from, Math.min(list.size(), from + AT_ONCE)).toArray(String[]::new);
            ask(() -> question.ask(some));
        }
    }

    private static void ask(Question question) {
        try {
            question.ask();
        } catch (SQLException e) {
            throw new Broken(e);
        }
    }

    /** PostgreSQL failed; whoever asked on this connection says so in its own way. */
    static final class Broken extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final SQLException failure;

        Broken(SQLException failure) {
            super(failure);
            this.failure = failure;
        }

        SQLException failure() {
            return failure;
        }
    }
}
