package tg.gouv.messagerie.directory.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.GroupCode;
import tg.gouv.messagerie.directory.PositionCode;
import tg.gouv.messagerie.directory.provisioning.Group;
import tg.gouv.messagerie.directory.provisioning.Position;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused.Reason;
import tg.gouv.messagerie.directory.provisioning.Register;
import tg.gouv.messagerie.directory.provisioning.StructureIndex;
import tg.gouv.messagerie.directory.rights.Right;
import tg.gouv.messagerie.platform.audit.Actor;
import tg.gouv.messagerie.platform.audit.AuditEvent;
import tg.gouv.messagerie.platform.audit.AuditTrail;
import tg.gouv.messagerie.platform.audit.Circumstances;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Sql;

/**
 * Entities, positions and groups by the words of their names. There are few entities and positions beside people, so no index keeps
 * them; one keeps those of groups.
 */
final class PostgresStructureIndex implements StructureIndex {
    /** Some groups, in the order of their codes; the condition on their words is put in. */
    private static final String GROUPS = PostgresRegister.GROUPS + """
        where (?::boolean or g.entity_id = any(?)) and %s and g.code > ? order by g.code limit ?
        """;

    private final Connections connections;
    private final InstantSource clock;
    private final AuditTrail trail;

    PostgresStructureIndex(Connections connections, InstantSource clock, AuditTrail trail) {
        this.connections = connections;
        this.clock = clock;
        this.trail = trail;
    }

    @Override
    public List<Listed> entities(Right right, String text, Optional<EntityCode> after, int most) {
        String last = after.map(EntityCode::value).orElse(null);
        return find(
                right,
                text,
                (c, part, query) -> Sql.query(
                        c,
                        row -> new Listed(PostgresRegister.entity(row), Optional.ofNullable(row.getString(4))),
                        """
                select e.code, e.name, up.code, up.name from entity e left join entity up on up.id = e.parent_id
                where (?::boolean or e.id = any(?))
                    and (?::tsquery is null or find_words(find_fold(e.name || ' ' || e.code)) @@ ?::tsquery)
                    and (?::text is null or (find_fold(e.name) collate "C", e.code collate "C")
                        > (select find_fold(l.name) collate "C", l.code collate "C" from entity l where l.code = ?))
                order by find_fold(e.name) collate "C", e.code collate "C" limit ?
                """,
                        part.isEverywhere(),
                        part.ids(),
                        query,
                        query,
                        last,
                        last,
                        page(most)));
    }

    @Override
    public List<Placed> positions(Right right, String text, int most) {
        return find(
                right,
                text,
                (c, part, query) -> Sql.query(
                        c,
                        row -> new Placed(
                                new Position(
                                        new PositionCode(row.getString(1)),
                                        row.getString(2),
                                        new EntityCode(row.getString(3))),
                                row.getString(4)),
                        """
                select p.code, p.title, e.code, e.name from position p join entity e on e.id = p.entity_id
                where (?::boolean or e.id = any(?))
                    and (?::tsquery is null or find_words(find_fold(p.title || ' ' || p.code || ' ' || e.name)) @@ ?::tsquery)
                order by find_fold(p.title) collate "C", p.code limit ?
                """,
                        part.isEverywhere(),
                        part.ids(),
                        query,
                        query,
                        page(most)));
    }

    @Override
    public List<Group> groups(Right right, String text, Optional<GroupCode> after, int most) {
        return find(
                right,
                text,
                (c, part, query) -> Sql.query(
                        c,
                        PostgresRegister::group,
                        // Nothing that may be null: a plan that serves both reads no index.
                        GROUPS.formatted(query == null ? "?::tsquery is null" : "g.words @@ ?::tsquery"),
                        part.isEverywhere(),
                        part.ids(),
                        query,
                        after.map(GroupCode::value).orElse(""),
                        page(most)));
    }

    private <T> List<T> find(Right right, String text, Question<T> question) {
        String sought = text.strip();
        if (sought.length() > TEXT_MAX
                || sought.codePoints()
                        .anyMatch(each -> Character.getType(each) == Character.SURROGATE
                                || (Character.isISOControl(each) && !Character.isWhitespace(each)))) {
            throw nothingSought();
        }
        return connections.autoCommit(c -> {
            @Nullable
            String query = sought.isEmpty()
                    ? null
                    : Sql.first(
                                    c,
                                    row -> row.getString(1),
                                    "select q::text from find_query(?) q where q is not null",
                                    sought)
                            .orElseThrow(PostgresStructureIndex::nothingSought);
            return question.ask(c, part(c, right), query);
        });
    }

    private PartOf part(Connection c, Right right) throws SQLException {
        Actor actor = Circumstances.current(clock).actor();
        if (Judge.trusts(actor)) {
            return PartOf.EVERYWHERE;
        }
        Optional<PartOf> part = actor instanceof Actor.Account(UUID id)
                ? Optional.of(PartOf.where(
                        c,
                        id,
                        Times.of(clock.instant()),
                        scope -> scope.rights().contains(right)))
                : Optional.empty();
        if (part.isEmpty() || part.get().isNowhere()) {
            ProvisioningRefused refused = new ProvisioningRefused(Reason.NO_RIGHT_IN_THE_STATE, right.word());
            trail.count(new AuditEvent.Refusal(Circumstances.current(clock), PostgresProvisioning.refusedIn(refused)));
            throw refused;
        }
        return part.get();
    }

    private static ProvisioningRefused nothingSought() {
        return new ProvisioningRefused(Reason.NOTHING_SOUGHT, TEXT_MAX);
    }

    private static int page(int most) {
        return Math.clamp(most, 1, Register.PAGE_MAX);
    }

    /** What is asked, of a part. */
    @FunctionalInterface
    private interface Question<T> {
        List<T> ask(Connection c, PartOf part, @Nullable String query) throws SQLException;
    }
}
