package tg.gouv.messagerie.directory.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.postgres.GrantRows.Scope;
import tg.gouv.messagerie.directory.provisioning.PeopleIndex;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused.Reason;
import tg.gouv.messagerie.directory.provisioning.Register;
import tg.gouv.messagerie.directory.rights.Right;
import tg.gouv.messagerie.platform.audit.Actor;
import tg.gouv.messagerie.platform.audit.AuditEvent;
import tg.gouv.messagerie.platform.audit.AuditTrail;
import tg.gouv.messagerie.platform.audit.Circumstances;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Sql;

/*
 * Few people are found by the index of words and sorted. Where a text finds many (one letter, in the whole State), sorting them all for
 * each page would be slow: the order of names is walked instead, and a page is full soon, since many match.
 */
/** People by the columns that PostgreSQL makes of their names (V019). */
final class PostgresPeopleIndex implements PeopleIndex {
    /** Up to so many are sorted. */
    private static final int FEW = 5_000;

    /** What is behind every address that begins so. */
    private static final char BEHIND = '\u007f';

    private static final String MANY =
            "select count(*) from (select from person p where p.words @@ ?::tsquery /*in*/ limit ?) several";

    private static final String SORTED = """
            with worded as materialized (
                select p.account_id, p.name_order from person p where p.words @@ ?::tsquery /*in*/),
            seen as materialized (
                select account_id, name_order from worded
                union all
                select p.account_id, p.name_order
                from (
                    select distinct d.account_id from address d where d.address >= ? and d.address < ?
                        and not exists (select from worded where worded.account_id = d.account_id)) other
                    join person p on p.account_id = other.account_id /*in*/)
            select account_id, name_order, (select count(*) from (select from seen limit ?) counted) from seen
            where (name_order, account_id) > (?, ?) order by name_order, account_id limit ?
            """;

    private static final String WALKED = """
            select p.account_id, p.name_order, ? from person p
            where (p.name_order, p.account_id) > (?, ?) /*in*/ and (p.words @@ ?::tsquery or exists (
                select from address d where d.account_id = p.account_id and d.address >= ? and d.address < ?))
            order by p.name_order, p.account_id limit ?
            """;

    private static final After BEGINNING = new After("", new AccountId(new UUID(0, 0)));

    private final Connections connections;
    private final InstantSource clock;
    private final AuditTrail trail;

    PostgresPeopleIndex(Connections connections, InstantSource clock, AuditTrail trail) {
        this.connections = connections;
        this.clock = clock;
        this.trail = trail;
    }

    /** Somebody who is found. */
    private record Hit(UUID account, String name, int counted) {}

    @Override
    public Page find(Optional<EntityCode> within, String text, Optional<After> after, int most) {
        String sought = demandWritten(text);
        int page = Math.clamp(most, 1, Register.PAGE_MAX);
        try {
            return connections.autoCommit(c -> {
                String query = Sql.first(
                                c,
                                row -> row.getString(1),
                                "select q::text from find_query(?) q where q is not null",
                                sought)
                        .orElseThrow(PostgresPeopleIndex::nothingSought);
                return page(c, hits(c, query, sought, part(c, within), after.orElse(BEGINNING), page + 1), page);
            });
        } catch (ProvisioningRefused e) {
            if (e.reason().isOfRights()) {
                trail.count(new AuditEvent.Refusal(Circumstances.current(clock), PostgresProvisioning.refusedIn(e)));
            }
            throw e;
        }
    }

    /** The text, if it can be a beginning of something. */
    private static String demandWritten(String text) {
        String sought = text.strip();
        if (sought.isEmpty()
                || sought.length() > TEXT_MAX
                || sought.codePoints()
                        .anyMatch(each -> Character.getType(each) == Character.SURROGATE
                                || (Character.isISOControl(each) && !Character.isWhitespace(each)))) {
            throw nothingSought();
        }
        return sought;
    }

    private static ProvisioningRefused nothingSought() {
        return new ProvisioningRefused(Reason.NOTHING_SOUGHT, TEXT_MAX);
    }

    private static List<Hit> hits(
            Connection c, String query, String sought, UUID @Nullable [] part, After after, int most)
            throws SQLException {
        String in = part == null ? "" : " and p.entity_id = any(?)";
        String from = sought.chars().anyMatch(Character::isWhitespace) ? "" : sought.toLowerCase(Locale.ROOT);
        String to = from.isEmpty() ? "" : from + BEHIND;
        UUID last = after.account().value();
        boolean few = Sql.first(c, row -> row.getInt(1), part(MANY, in), of(query, part, FEW + 1))
                        .orElseThrow()
                <= FEW;
        return few
                ? Sql.query(
                        c,
                        row -> new Hit(row.getObject(1, UUID.class), row.getString(2), row.getInt(3)),
                        part(SORTED, in),
                        of(query, part, from, to, part, COUNTED_MAX + 1, after.name(), last, most))
                : Sql.query(
                        c,
                        row -> new Hit(row.getObject(1, UUID.class), row.getString(2), row.getInt(3)),
                        part(WALKED, in),
                        of(COUNTED_MAX + 1, after.name(), last, part, query, from, to, most));
    }

    /** A statement within a part of the State. */
    private static String part(String statement, String in) {
        return statement.replace("/*in*/", in);
    }

    /** The parameters of a statement, without the part when it is the whole State. */
    private static Object[] of(@Nullable Object... parameters) {
        return Arrays.stream(parameters).filter(Objects::nonNull).toArray();
    }

    private Page page(Connection c, List<Hit> hits, int most) throws SQLException {
        List<Hit> shown = hits.subList(0, Math.min(most, hits.size()));
        OffsetDateTime now = Times.of(clock.instant());
        int counted = hits.isEmpty() ? 0 : hits.getFirst().counted();
        return new Page(
                Sql.query(
                        c,
                        PostgresRegister::registered,
                        PostgresRegister.PEOPLE + " where a.id = any(?) order by p.name_order, p.account_id",
                        now,
                        now,
                        shown.stream().map(Hit::account).toArray(UUID[]::new)),
                hits.size() > most
                        ? Optional.of(new After(
                                shown.getLast().name(),
                                new AccountId(shown.getLast().account())))
                        : Optional.empty(),
                Math.min(counted, COUNTED_MAX),
                counted > COUNTED_MAX);
    }

    /** The entities in which who acts finds people; null: everywhere. */
    private UUID @Nullable [] part(Connection c, Optional<EntityCode> within) throws SQLException {
        Optional<UUID> asked = within.isEmpty() ? Optional.empty() : Optional.of(entity(c, within.get()));
        Actor actor = Circumstances.current(clock).actor();
        List<Scope> scopes = actor instanceof Actor.Account(UUID id)
                ? GrantRows.heldBy(c, id, Times.of(clock.instant())).stream()
                        .filter(scope -> scope.rights().stream().anyMatch(Right::isOfPeople))
                        .toList()
                : List.of();
        if (Judge.trusts(actor) || scopes.stream().anyMatch(scope -> scope.entity() == null)) {
            return asked.isEmpty() ? null : below(c, List.of(asked.get()));
        }
        List<UUID> roots = new ArrayList<>();
        for (Scope scope : scopes) {
            @Nullable UUID root = scope.entity();
            if (root == null) {
                continue;
            }
            if (asked.isEmpty() || Tree.above(c, root).contains(asked.get())) {
                roots.add(root);
            } else if (Tree.above(c, asked.get()).contains(root)) {
                roots.add(asked.get());
            }
        }
        if (roots.isEmpty()) {
            throw within.isEmpty()
                    ? new ProvisioningRefused(Reason.NO_RIGHT_IN_THE_STATE, Right.LOOK.word())
                    : new ProvisioningRefused(Reason.NO_RIGHT, Right.LOOK.word(), within.get());
        }
        return below(c, roots);
    }

    private static UUID entity(Connection c, EntityCode code) throws SQLException {
        return Sql.first(c, row -> row.getObject(1, UUID.class), "select id from entity where code = ?", code.value())
                .orElseThrow(() -> new ProvisioningRefused(Reason.UNKNOWN_ENTITY, code, code));
    }

    private static UUID[] below(Connection c, List<UUID> roots) throws SQLException {
        return Sql.query(c, row -> row.getObject(1, UUID.class), """
                        with recursive part(id) as (
                            select id from entity where id = any(?)
                            union select e.id from entity e join part on e.parent_id = part.id)
                        select id from part
                        """, (Object) roots.toArray(UUID[]::new))
                .toArray(UUID[]::new);
    }
}
