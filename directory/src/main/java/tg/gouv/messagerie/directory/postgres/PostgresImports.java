package tg.gouv.messagerie.directory.postgres;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import tg.gouv.messagerie.directory.imports.CsvReader;
import tg.gouv.messagerie.directory.imports.CsvRow;
import tg.gouv.messagerie.directory.imports.ImportFile;
import tg.gouv.messagerie.directory.imports.ImportRefused;
import tg.gouv.messagerie.directory.imports.Imports;
import tg.gouv.messagerie.directory.imports.LdifReader;
import tg.gouv.messagerie.directory.imports.PeopleFile;
import tg.gouv.messagerie.directory.imports.PeoplePlan;
import tg.gouv.messagerie.directory.imports.Permits;
import tg.gouv.messagerie.directory.imports.PersonChange;
import tg.gouv.messagerie.directory.imports.Problem;
import tg.gouv.messagerie.directory.imports.StructureFile;
import tg.gouv.messagerie.directory.imports.StructurePlan;
import tg.gouv.messagerie.directory.provisioning.Activations;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused;
import tg.gouv.messagerie.directory.rights.Right;
import tg.gouv.messagerie.platform.audit.Actor;
import tg.gouv.messagerie.platform.audit.AuditEvent;
import tg.gouv.messagerie.platform.audit.AuditEvent.DirectoryChange;
import tg.gouv.messagerie.platform.audit.AuditEvent.DirectoryChange.Act;
import tg.gouv.messagerie.platform.audit.AuditTrail;
import tg.gouv.messagerie.platform.audit.Circumstances;
import tg.gouv.messagerie.platform.audit.Subject;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Sql;
import tg.gouv.messagerie.platform.database.Uuid7;

/*
 * One import is under way at a time: its connection holds an advisory lock of the session, which PostgreSQL lets go when the connection
 * ends, however that happens. On that connection each batch is a transaction under the lock of acts, so that what it found is so when it
 * commits; between two batches other acts have their turn. A batch first looks whether its people are still as they were when the changes
 * were planned. If not, everything is planned again: what is written already changes nothing then.
 */
/** Bulk imports into the schema {@code directory}. */
final class PostgresImports implements Imports {
    /** Plans that are made for a handful of people take a minute for 70,000: after so many batches the planner is told how many there are. */
    private static final Set<Integer> ANALYZED_AFTER = Set.of(1, 4, 16);

    private static final String ANALYZE =
            "analyze entity, position, person, account, address, assignment, function_mailbox, ldap_name, ldap_entry, ldap_index";

    private static final Duration ALONE_WITHIN = Duration.ofSeconds(5);

    private static final Duration ALONE_AGAIN = Duration.ofMillis(100);

    /** Ours among the advisory locks of the database; any number nobody else uses. */
    private static final long LOCK = 0x696d_706f_7274_7321L;

    /** An account's own imports; those of the machine's operators are everyone's of them. */
    private static final String OWN = "asked_by like ?";

    private static final String LISTED = """
            select i.id, i.name, i.kind, i.state, i.asked_by, i.begun, i.rows, i.made, i.changed, i.refused,
                (select count(*) from import_batch b where b.import_id = i.id)
            from import i""";

    /** How often an import is planned anew because others changed the same people. */
    private static final int PLANS_MAX = 4;

    private final Connections connections;
    private final InstantSource clock;
    private final Uuid7 ids;
    private final AuditTrail trail;
    private final Activations activations;
    private final PostgresSessions sessions;
    private final ImportSettings settings;
    private final LdapProjection projection = new LdapProjection();

    PostgresImports(
            Connections connections,
            InstantSource clock,
            Uuid7 ids,
            AuditTrail trail,
            Activations activations,
            PostgresSessions sessions,
            ImportSettings settings) {
        this.connections = connections;
        this.clock = clock;
        this.ids = ids;
        this.trail = trail;
        this.activations = activations;
        this.sessions = sessions;
        this.settings = settings;
    }

    /** What is done on the connection of an import. */
    @FunctionalInterface
    private interface Alone<T> {
        T on(Connection connection) throws SQLException;
    }

    @Override
    public Report run(Order order, InputStream file, Watch watch) throws IOException {
        BoundedFile bounded = new BoundedFile(file, settings.fileMax());
        BufferedInputStream buffered = new BufferedInputStream(bounded);
        if (LdifReader.isLdif(buffered)) {
            return people(
                    order,
                    PeopleFile.read(new LdifReader(buffered, order.mapping()), settings.rowsMax()),
                    bounded.sha256(),
                    watch);
        }
        CsvReader reader = new CsvReader(buffered);
        CsvRow header = reader.next().orElseThrow(() -> new ImportRefused(ImportRefused.Reason.EMPTY_FILE));
        Optional<Kind> kind =
                order.mapping().columns().number().isPresent() ? Optional.empty() : StructureFile.kind(header);
        if (kind.isPresent()) {
            StructureFile structure = StructureFile.read(kind.get(), header, reader, settings.rowsMax());
            return structure(order, structure, bounded.sha256(), watch);
        }
        PeopleFile people = PeopleFile.read(header, reader, order.mapping(), settings.rowsMax());
        return people(order, people, bounded.sha256(), watch);
    }

    private Report people(Order order, PeopleFile people, byte[] digest, Watch watch) {
        return order.dryRun()
                ? dry(order, people, watch)
                : alone(order.name(), c -> people(c, order, people, digest, watch));
    }

    /** Entities or positions: one transaction, so what is killed did nothing. */
    private Report structure(Order order, StructureFile file, byte[] digest, Watch watch) {
        if (order.dryRun()) {
            return connections.transaction(c -> {
                StructurePlan plan = new StructureImport(new Write(c, now(), ids), file.kind()).plan(file);
                tell(order, file, plan.problems(), watch);
                Locale language = order.language();
                plan.changes()
                        .forEach(it -> watch.change(it.line(), it.code(), it.what(language), it.sentence(language)));
                return report(Optional.empty(), file, plan);
            });
        }
        return alone(
                order.name(),
                c -> in(c, () -> {
                    Write write = new Write(c, now(), ids);
                    write.begin();
                    StructureImport structure = new StructureImport(write, file.kind());
                    StructurePlan plan = structure.plan(file);
                    tell(order, file, plan.problems(), watch);
                    if (plan.changes().isEmpty()) {
                        return report(Optional.empty(), file, plan);
                    }
                    UUID id = begin(
                            c,
                            order,
                            file.kind(),
                            file.count(),
                            plan.refusedLines().size(),
                            digest);
                    Circumstances circumstances = Circumstances.current(clock);
                    AuditedRows rows = new AuditedRows(write, circumstances);
                    structure.write(id, plan.changes(), rows);
                    int made = (int) plan.changes().stream()
                            .filter(it -> it.before().isEmpty())
                            .count();
                    List<AuditEvent> events = new ArrayList<>(rows.changes());
                    events.add(batchDone(circumstances, id, made, plan.changes().size() - made));
                    trail.record(c, events);
                    projection.project(write, rows.touched());
                    count(write, id, made, plan.changes().size() - made);
                    write.update("update import set state = 'done', ended = ? where id = ?", write.time(), id);
                    watch.at(file.count(), file.count());
                    return report(Optional.of(id), file, plan);
                }));
    }

    /** Everything there is takes every right in the whole State. */
    private void demandEverything(Connection c) throws SQLException {
        new Judge(new Write(c, now(), ids), Circumstances.current(clock).actor())
                .demandAll(EnumSet.allOf(Right.class), null);
    }

    private Report dry(Order order, PeopleFile file, Watch watch) {
        return connections.transaction(c -> {
            try {
                PeoplePlan plan = plan(c, order, file);
                tell(order, file, plan.problems(), watch);
                Locale language = order.language();
                plan.changes()
                        .forEach(it -> watch.change(
                                it.line(), it.number() + " " + it.display(), it.what(language), it.sentence(language)));
                try {
                    plan.refuseTooMuch();
                } catch (ImportRefused refusal) {
                    watch.tooMuch(refusal);
                }
                return report(Optional.empty(), false, file, plan);
            } catch (PostgresPresent.Broken e) {
                throw e.failure();
            }
        });
    }

    private Report people(Connection c, Order order, PeopleFile file, byte[] digest, Watch watch) throws SQLException {
        Optional<Begun> begun = Optional.empty();
        Optional<PeoplePlan> first = Optional.empty();
        for (int planned = 0; planned < PLANS_MAX; planned++) {
            PeoplePlan plan = in(c, () -> plan(c, order, file));
            if (first.isEmpty()) {
                if (!order.force()) {
                    in(c, () -> {
                        plan.refuseTooMuch();
                        return true;
                    });
                }
                tell(order, file, plan.problems(), watch);
                first = Optional.of(plan);
                if (plan.changes().isEmpty()) {
                    finishInterrupted(c, digest);
                    return report(Optional.empty(), false, file, plan);
                }
                begun = Optional.of(begin(c, order, file, plan, digest));
            }
            if (write(c, begun.orElseThrow().id(), plan, watch)) {
                UUID id = begun.orElseThrow().id();
                in(
                        c,
                        () -> Sql.update(
                                c, "update import set state = 'done', ended = ? where id = ?", Times.of(now()), id));
                return report(Optional.of(id), begun.orElseThrow().resumed(), file, first.orElseThrow());
            }
        }
        throw new ImportRefused(ImportRefused.Reason.DISTURBED);
    }

    private PeoplePlan plan(Connection c, Order order, PeopleFile file) {
        Instant now = now();
        return PeoplePlan.of(
                file, order.mapping(), new PostgresPresent(c), changes -> permits(c, changes), order.activate(), now);
    }

    private Permits permits(Connection c, List<PersonChange> changes) {
        try {
            return ImportJudge.of(
                    new Write(c, now(), ids), Circumstances.current(clock).actor(), changes);
        } catch (SQLException e) {
            throw new PostgresPresent.Broken(e);
        }
    }

    private record Begun(UUID id, boolean resumed) {}

    /** The import that was interrupted with the same file, or a new one. */
    private Begun begin(Connection c, Order order, PeopleFile file, PeoplePlan plan, byte[] digest)
            throws SQLException {
        return in(c, () -> {
            Optional<UUID> interrupted = Sql.first(
                    c,
                    row -> row.getObject(1, UUID.class),
                    "select id from import where state = 'running' and kind = 'people' and digest = ? and " + OWN
                            + " order by begun desc limit 1",
                    digest,
                    own());
            if (interrupted.isPresent()) {
                return new Begun(interrupted.get(), true);
            }
            UUID id = begin(
                    c, order, Kind.PEOPLE, file.count(), plan.refusedLines().size(), digest);
            return new Begun(id, false);
        });
    }

    private UUID begin(Connection c, Order order, Kind kind, int rows, int refused, byte[] digest) throws SQLException {
        UUID id = ids.next();
        Circumstances circumstances = Circumstances.current(clock);
        Sql.update(
                c,
                """
                insert into import(id, kind, state, digest, name, asked_by, begun, rows, refused)
                values (?, ?, 'running', ?, ?, ?, ?, ?, ?)
                """,
                id,
                kind.name().toLowerCase(Locale.ROOT),
                digest,
                shortened(order.name()),
                circumstances.actor().text(),
                Times.of(now()),
                rows,
                refused);
        trail.record(c, new DirectoryChange(circumstances, Act.IMPORT, subject(id)));
        return id;
    }

    /** What was interrupted before its end was written down, but after its last batch. */
    private void finishInterrupted(Connection c, byte[] digest) throws SQLException {
        in(
                c,
                () -> Sql.update(
                        c,
                        "update import set state = 'done', ended = ? where state = 'running' and digest = ? and " + OWN,
                        Times.of(now()),
                        digest,
                        own()));
    }

    /** Writes batch after batch; false if others changed the same people meanwhile. */
    private boolean write(Connection c, UUID id, PeoplePlan plan, Watch watch) throws SQLException {
        List<PersonChange> all = plan.changes();
        int batches = 0;
        for (int from = 0; from < all.size(); from += settings.batchRows()) {
            List<PersonChange> some = all.subList(from, Math.min(all.size(), from + settings.batchRows()));
            watch.at(from, all.size());
            if (!batch(c, id, some)) {
                return false;
            }
            if (ANALYZED_AFTER.contains(++batches)) {
                Sql.update(c, ANALYZE);
            }
        }
        watch.at(all.size(), all.size());
        return true;
    }

    private boolean batch(Connection c, UUID id, List<PersonChange> changes) throws SQLException {
        c.setAutoCommit(false);
        boolean whole = false;
        List<UUID> shaken = List.of();
        try {
            Write write = new Write(c, now(), ids);
            write.begin();
            Circumstances circumstances = Circumstances.current(clock);
            PeopleBatch batch = new PeopleBatch(write, circumstances, id, changes);
            if (batch.isCurrent() && batch.isAllowed() && batch.write()) {
                List<AuditEvent> events = new ArrayList<>(batch.audited());
                int made = batch.made();
                events.add(batchDone(circumstances, id, made, changes.size() - made));
                trail.record(c, events);
                List<UUID> activated = batch.activated();
                if (!activated.isEmpty()) {
                    activations.activated(c, new AccountRows(write).activations(activated));
                }
                projection.project(write, batch.touched());
                count(write, id, made, changes.size() - made);
                shaken = batch.shaken();
                whole = true;
            }
        } finally {
            if (whole) {
                c.commit();
            } else {
                c.rollback();
            }
            c.setAutoCommit(true);
        }
        sessions.changed(shaken);
        return whole;
    }

    private static DirectoryChange batchDone(Circumstances circumstances, UUID id, int made, int changed) {
        return new DirectoryChange(
                circumstances,
                Act.IMPORT_BATCH,
                subject(id),
                Optional.of(new Subject(Subject.Kind.COUNT, "made=" + made + ",changed=" + changed)));
    }

    private static void count(Write write, UUID id, int made, int changed) throws SQLException {
        write.update("""
                insert into import_batch(import_id, number, made, changed, at)
                select ?, coalesce(max(number), 0) + 1, ?, ?, ? from import_batch where import_id = ?
                """, id, made, changed, write.time(), id);
        write.update("update import set made = made + ?, changed = changed + ? where id = ?", made, changed, id);
    }

    private static void tell(Order order, ImportFile file, List<Problem> problems, Watch watch) {
        Locale language = order.language();
        problems.forEach(it -> watch.problem(it, it.sentence(language, file.format())));
        Map<Integer, String> why = new TreeMap<>();
        problems.stream()
                .filter(Problem::refuses)
                .forEach(it -> why.merge(it.row(), it.column() + ": " + it.what(language), (a, b) -> a + " " + b));
        file.keepOnly(why.keySet());
        if (!why.isEmpty()) {
            watch.refused(file.refusedHeader());
            why.forEach((line, text) -> watch.refused(file.refusedRow(line, text)));
        }
    }

    private static Report report(Optional<UUID> id, StructureFile file, StructurePlan plan) {
        int made = (int)
                plan.changes().stream().filter(it -> it.before().isEmpty()).count();
        return new Report(
                id,
                file.kind(),
                file.format(),
                file.encoding(),
                String.valueOf(file.delimiter()),
                false,
                file.count(),
                made,
                plan.changes().size() - made,
                plan.unchanged(),
                plan.refusedLines().size(),
                Map.of());
    }

    private static Report report(Optional<UUID> id, boolean resumed, PeopleFile file, PeoplePlan plan) {
        int made = (int)
                plan.changes().stream().filter(it -> it.before().isEmpty()).count();
        return new Report(
                id,
                Kind.PEOPLE,
                file.format(),
                file.encoding(),
                String.valueOf(file.delimiter()),
                resumed,
                file.count(),
                made,
                plan.changes().size() - made,
                plan.unchanged(),
                plan.refusedLines().size(),
                plan.warnings());
    }

    @Override
    public int undo(UUID id) {
        List<UUID> givenBack = alone(
                "undo " + id,
                c -> in(c, () -> {
                    Past past = Sql.first(c, Past::read, "select state, kind, asked_by from import where id = ?", id)
                            .orElseThrow(() -> new ImportRefused(ImportRefused.Reason.UNKNOWN_IMPORT, id));
                    mayUndo(c, id, past);
                    if (past.state().equals("undone")) {
                        throw new ImportRefused(ImportRefused.Reason.ALREADY_UNDONE, id);
                    }
                    Write write = new Write(c, now(), ids);
                    write.begin();
                    boolean people = past.kind() == Kind.PEOPLE;
                    List<UUID> changed = people
                            ? new ImportedPeople(write, id)
                                    .giveBack(Circumstances.current(clock).actor())
                            : new StructureImport(write, past.kind()).giveBack(id);
                    Circumstances circumstances = Circumstances.current(clock);
                    List<AuditEvent> events = new ArrayList<>();
                    if (people) {
                        changed.forEach(it -> events.add(new DirectoryChange(
                                circumstances, Act.PERSON, new Subject(Subject.Kind.ACCOUNT, it.toString()))));
                    }
                    events.add(new DirectoryChange(
                            circumstances,
                            Act.IMPORT_UNDONE,
                            subject(id),
                            Optional.of(new Subject(Subject.Kind.COUNT, String.valueOf(changed.size())))));
                    trail.record(c, events);
                    projection.project(write, changed);
                    write.update("update import set state = 'undone', ended = ? where id = ?", write.time(), id);
                    write.update(
                            "delete from import_change where import_id = ?", id); // nobody's past is kept for nothing
                    write.update("delete from import_structure where import_id = ?", id);
                    return changed;
                }));
        sessions.changed(givenBack);
        return givenBack.size();
    }

    private record Past(String state, Kind kind, String askedBy) {
        static Past read(ResultSet row) throws SQLException {
            return new Past(
                    row.getString(1), Kind.valueOf(row.getString(2).toUpperCase(Locale.ROOT)), row.getString(3));
        }
    }

    /** Who has every right in the State undoes any import; others their own of people, as far as their rights still reach. */
    private void mayUndo(Connection c, UUID id, Past past) throws SQLException {
        Actor actor = Circumstances.current(clock).actor();
        if (past.kind() == Kind.PEOPLE && past.askedBy().equals(actor.text())) {
            return; // judged row by row
        }
        try {
            demandEverything(c);
        } catch (ProvisioningRefused e) {
            throw past.askedBy().equals(actor.text()) ? e : new ImportRefused(ImportRefused.Reason.NOT_YOURS, id);
        }
    }

    @Override
    public List<Listed> list(Optional<UUID> before, int most) {
        return connections.autoCommit(c -> Sql.query(
                c,
                PostgresImports::listed,
                LISTED + " where %s and (?::uuid is null or i.id < ?::uuid) order by i.id desc limit ?".formatted(OWN),
                own(),
                before.orElse(null),
                before.orElse(null),
                most));
    }

    @Override
    public Optional<Listed> find(UUID id) {
        return connections.autoCommit(c ->
                Sql.first(c, PostgresImports::listed, LISTED + " where %s and i.id = ?".formatted(OWN), own(), id));
    }

    @Override
    public List<GivenBack> wouldGiveBack(UUID id, int most) {
        return connections.autoCommit(c -> Sql.query(
                c,
                row -> new GivenBack(row.getString(1), row.getString(2), row.getBoolean(3)),
                """
                select coalesce(p.registration_number, ''), a.display_name, c.before is null from import i
                    join import_change c on c.import_id = i.id join person p on p.account_id = c.account_id
                    join account a on a.id = c.account_id
                where %s and i.id = ? and i.kind = 'people' order by p.registration_number, a.id limit ?
                """.formatted(OWN),
                own(),
                id,
                most));
    }

    private static Listed listed(ResultSet row) throws SQLException {
        return new Listed(
                row.getObject(1, UUID.class),
                row.getString(2),
                Kind.valueOf(row.getString(3).toUpperCase(Locale.ROOT)),
                row.getString(4),
                row.getString(5),
                Times.read(row, 6).orElse(Instant.EPOCH),
                row.getInt(7),
                row.getInt(8),
                row.getInt(9),
                row.getInt(10),
                row.getInt(11));
    }

    @Override
    public long export(Kind kind, Consumer<String> lines) {
        return connections.transaction(c -> {
            demandEverything(c);
            Subject what = new Subject(Subject.Kind.QUESTION, kind.name().toLowerCase(Locale.ROOT));
            trail.record(c, new DirectoryChange(Circumstances.current(clock), Act.EXPORT, what));
            return new Exported(c, now()).read(kind, lines);
        });
    }

    /**
     * Runs it while no other import is under way; one that was killed holds its lock until PostgreSQL has noticed.
     *
     * @param what whoever waits is told
     */
    private <T> T alone(String what, Alone<T> work) {
        return connections.autoCommit(c -> {
            long deadline = System.nanoTime() + ALONE_WITHIN.toNanos();
            while (!Sql.first(c, row -> row.getBoolean(1), "select pg_try_advisory_lock(?)", LOCK)
                    .orElse(false)) {
                if (System.nanoTime() > deadline) {
                    throw underWay(c);
                }
                LockSupport.parkNanos(ALONE_AGAIN.toNanos());
            }
            try {
                takeTurn(c, what);
                return work.on(c);
            } catch (PostgresPresent.Broken e) {
                throw e.failure();
            } finally {
                unlock(c);
            }
        });
    }

    private void takeTurn(Connection c, String what) throws SQLException {
        Sql.update(c, """
                insert into import_turn(holder, what, since) values (?, ?, ?)
                on conflict (one) do update set holder = excluded.holder, what = excluded.what, since = excluded.since
                """, Circumstances.current(clock).actor().text(), shortened(what), Times.of(now()));
    }

    /** With whose turn it is. */
    private static ImportRefused underWay(Connection c) throws SQLException {
        return Sql.first(
                        c,
                        row -> new ImportRefused(
                                ImportRefused.Reason.UNDER_WAY,
                                row.getString(1),
                                row.getString(2),
                                Times.read(row, 3).orElse(Instant.EPOCH).truncatedTo(ChronoUnit.SECONDS)),
                        """
                        select coalesce(a.display_name, t.holder), t.what, t.since from import_turn t
                            left join account a on t.holder = 'account:' || a.id
                        """)
                .orElseGet(() -> new ImportRefused(ImportRefused.Reason.UNDER_WAY, "?", "?", "?"));
    }

    private static String shortened(String name) {
        return name.substring(0, Math.min(200, name.length()));
    }

    /** A connection that failed has lost its lock with it. */
    private static void unlock(Connection c) throws SQLException {
        if (c.isValid(1)) {
            Sql.first(c, row -> row.getBoolean(1), "select pg_advisory_unlock(?)", LOCK);
        }
    }

    /** What is one transaction. */
    @FunctionalInterface
    private interface Part<T> {
        T run() throws SQLException;
    }

    private static <T> T in(Connection c, Part<T> part) throws SQLException {
        c.setAutoCommit(false);
        boolean done = false;
        try {
            T result = part.run();
            done = true;
            return result;
        } finally {
            if (done) {
                c.commit();
            } else {
                c.rollback();
            }
            c.setAutoCommit(true);
        }
    }

    private String own() {
        Actor actor = Circumstances.current(clock).actor();
        return Judge.trusts(actor) ? "%" : actor.text();
    }

    private static Subject subject(UUID id) {
        return new Subject(Subject.Kind.IMPORT, id.toString());
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
