package tg.gouv.messagerie.directory.postgres;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tg.gouv.messagerie.directory.imports.ImportFiles;
import tg.gouv.messagerie.directory.imports.ImportRefused;
import tg.gouv.messagerie.directory.imports.Imports;
import tg.gouv.messagerie.directory.imports.Mapping;
import tg.gouv.messagerie.directory.imports.Problem;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused.Reason;
import tg.gouv.messagerie.directory.rights.Right;
import tg.gouv.messagerie.platform.audit.Actor;
import tg.gouv.messagerie.platform.audit.Circumstances;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Sql;
import tg.gouv.messagerie.platform.database.StoreUnavailable;
import tg.gouv.messagerie.platform.database.Uuid7;

/*
 * A file comes in parts, each a row, and is read part by part: it is never whole in memory. An import, and the look before it, hold a
 * connection while they tell what they find, so that is written by another thread, some hundred lines at a time.
 */
/** Files to import in the tables {@code import_file…}. */
final class PostgresImportFiles implements ImportFiles, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresImportFiles.class);

    private static final String KEPT = """
            select id, name, state, kind, done, total, rows, new, changed, unchanged, refused, import_id, failure, guard
            from import_file where account_id = ? and kind <> ''""";

    private static final int PART_BYTES = 256 * 1024;
    private static final int LINES_AT_ONCE = 500;
    private static final int READ_AT_ONCE = 1_000;
    private static final Duration KEPT_FOR = Duration.ofDays(1);
    private static final Duration BEATS = Duration.ofMillis(500);

    /** Longer is no import silent that runs. */
    private static final Duration SILENT_MAX = Duration.ofSeconds(30);

    private final Connections connections;
    private final Imports imports;
    private final ImportSettings settings;
    private final InstantSource clock;
    private final Uuid7 ids;
    private final ExecutorService running = Executors.newVirtualThreadPerTaskExecutor();

    PostgresImportFiles(
            Connections connections, Imports imports, ImportSettings settings, InstantSource clock, Uuid7 ids) {
        this.connections = connections;
        this.imports = imports;
        this.settings = settings;
        this.clock = clock;
        this.ids = ids;
    }

    @Override
    public Kept keep(String name, String mapping, boolean activate, Locale language, InputStream file)
            throws IOException {
        UUID account = account();
        Mapping columns = Mapping.parse(mapping, language);
        String shortened = name.substring(0, Math.min(200, name.length()));
        UUID id = connections.transaction(c -> {
            demandAny(new Write(c, now(), ids), account);
            Sql.update(
                    c,
                    "delete from import_file where made < ? and state <> 'running'",
                    Times.of(now().minus(KEPT_FOR)));
            Sql.update(c, """
                    delete from import_file where id in (
                        select id from import_file where account_id = ? order by made desc, id desc offset ?)
                    """, account, KEPT_MAX - 1);
            UUID made = ids.next();
            Sql.update(
                    c,
                    """
                    insert into import_file(id, account_id, name, language, mapping, activate, state, made, beat)
                    values (?, ?, ?, ?, ?, ?, 'looked', ?, ?)
                    """,
                    made,
                    account,
                    shortened,
                    language.equals(Locale.ENGLISH) ? "en" : "fr",
                    mapping,
                    activate,
                    Times.of(now()),
                    Times.of(now()));
            return made;
        });
        boolean whole = false;
        try {
            store(id, new BoundedFile(file, settings.fileMax()));
            look(id, new Imports.Order(shortened, columns, true, activate, false, language));
            whole = true;
        } finally {
            if (!whole) {
                remove(id);
            }
        }
        return find(id).orElseThrow();
    }

    private void store(UUID id, InputStream file) throws IOException {
        byte[] part = new byte[PART_BYTES];
        int number = 0;
        for (int length = file.readNBytes(part, 0, part.length);
                length > 0;
                length = file.readNBytes(part, 0, part.length)) {
            byte[] octets = Arrays.copyOf(part, length);
            int which = number++;
            connections.autoCommit(c -> Sql.update(
                    c, "insert into import_file_part(file_id, number, octets) values (?, ?, ?)", id, which, octets));
        }
    }

    private void look(UUID id, Imports.Order order) throws IOException {
        try (Spool spool = new Spool(id, order.language())) {
            Imports.Report report = imports.run(order, new Parts(id), spool);
            spool.end();
            reported(id, "looked", report);
            if (spool.guard != null) {
                connections.autoCommit(
                        c -> Sql.update(c, "update import_file set guard = ? where id = ?", spool.guard, id));
            }
        }
    }

    private void reported(UUID id, String state, Imports.Report report) {
        connections.autoCommit(c -> Sql.update(
                c,
                """
                update import_file set state = ?, kind = ?, rows = ?, new = ?, changed = ?, unchanged = ?, refused = ?,
                    import_id = coalesce(?::uuid, import_id) where id = ?
                """,
                state,
                report.kind().name(),
                report.rows(),
                report.made(),
                report.changed(),
                report.unchanged(),
                report.refused(),
                report.id().orElse(null),
                id));
    }

    @Override
    public Optional<Kept> find(UUID id) {
        UUID account = account();
        return connections.autoCommit(c -> Sql.first(c, PostgresImportFiles::kept, KEPT + " and id = ?", account, id));
    }

    @Override
    public List<Kept> list() {
        UUID account = account();
        return connections.autoCommit(
                c -> Sql.query(c, PostgresImportFiles::kept, KEPT + " order by made desc, id desc", account));
    }

    private static Kept kept(ResultSet row) throws SQLException {
        return new Kept(
                row.getObject(1, UUID.class),
                row.getString(2),
                State.valueOf(row.getString(3).toUpperCase(Locale.ROOT)),
                Imports.Kind.valueOf(row.getString(4)),
                row.getLong(5),
                row.getLong(6),
                row.getInt(7),
                row.getInt(8),
                row.getInt(9),
                row.getInt(10),
                row.getInt(11),
                Optional.ofNullable(row.getObject(12, UUID.class)),
                Optional.ofNullable(row.getString(13)),
                Optional.ofNullable(row.getString(14)));
    }

    @Override
    public List<Told> problems(UUID id, int after, int limit) {
        return told(id, "problem", after, limit);
    }

    @Override
    public List<Told> changes(UUID id, int after, int limit) {
        return told(id, "change", after, limit);
    }

    @Override
    public void refused(UUID id, Consumer<String> lines) {
        int after = 0;
        List<Told> some;
        do {
            some = told(id, "refused", after, READ_AT_ONCE);
            some.forEach(it -> lines.accept(it.sentence()));
            after += some.size();
        } while (some.size() == READ_AT_ONCE);
    }

    private List<Told> told(UUID id, String channel, int after, int limit) {
        UUID account = account();
        return connections.autoCommit(c -> Sql.query(
                c,
                row -> new Told(
                        row.getInt(1),
                        row.getInt(2),
                        row.getString(3),
                        row.getString(4),
                        row.getInt(5),
                        row.getBoolean(6),
                        row.getString(7),
                        row.getString(8)),
                """
                select l.number, l.line, l."column", l.kind, l.other, l.refuses, l.what, l.text from import_file_line l
                    join import_file f on f.id = l.file_id
                where f.id = ? and f.account_id = ? and l.channel = ? and l.number > ? order by l.number limit ?
                """,
                id,
                account,
                channel,
                after,
                limit));
    }

    @Override
    public boolean apply(UUID id, boolean force) {
        UUID account = account();
        Optional<Imports.Order> order = connections.autoCommit(c -> Sql.first(
                c,
                row -> new Imports.Order(
                        row.getString(1),
                        Mapping.parse(row.getString(4), Locale.of(row.getString(3))),
                        false,
                        row.getBoolean(2),
                        force,
                        Locale.of(row.getString(3))),
                """
                update import_file set state = 'running', beat = ?, done = 0, total = 0, failure = null
                where id = ? and account_id = ? and (state in ('looked', 'failed') or (state = 'running' and beat < ?))
                returning name, activate, language, mapping
                """,
                Times.of(now()),
                id,
                account,
                Times.of(now().minus(SILENT_MAX))));
        Circumstances asked = Circumstances.current(clock);
        order.ifPresent(it -> running.execute(() -> asked.run(() -> run(id, it))));
        return order.isPresent();
    }

    private void run(UUID id, Imports.Order order) {
        Advance advance = new Advance();
        Thread heart = Thread.ofVirtual().start(() -> beat(id, advance));
        try {
            reported(id, "done", imports.run(order, new Parts(id), advance));
        } catch (ImportRefused e) {
            failed(id, e.sentence(order.language()));
        } catch (ProvisioningRefused e) {
            failed(id, e.sentence(order.language()));
        } catch (IOException | RuntimeException e) {
            LOG.error("event=import-failed file={} reason=\"{}\"", id, e.toString());
            failed(id, new ImportRefused(ImportRefused.Reason.STOPPED).sentence(order.language()));
        } finally {
            heart.interrupt();
        }
    }

    private void failed(UUID id, String why) {
        try {
            connections.autoCommit(
                    c -> Sql.update(c, "update import_file set state = 'failed', failure = ? where id = ?", why, id));
        } catch (StoreUnavailable e) {
            LOG.error("event=import-failure-untold file={} reason=\"{}\"", id, e.getMessage()); // it is silent soon
        }
    }

    private void beat(UUID id, Advance advance) {
        try {
            while (true) {
                Thread.sleep(BEATS);
                try {
                    connections.autoCommit(c -> Sql.update(
                            c,
                            "update import_file set beat = ?, done = ?, total = ? where id = ? and state = 'running'",
                            Times.of(now()),
                            advance.done.get(),
                            advance.of.get(),
                            id));
                } catch (StoreUnavailable e) { // the import goes on when PostgreSQL does
                    LOG.warn("event=import-progress-untold file={} reason=\"{}\"", id, e.getMessage());
                }
            }
        } catch (InterruptedException _) {
            // the import has ended
        }
    }

    @Override
    public boolean remove(UUID id) {
        UUID account = account();
        return connections.autoCommit(
                c -> Sql.update(c, "delete from import_file where id = ? and account_id = ?", id, account) > 0);
    }

    /** Ends what runs: between two batches, so it may be begun again. */
    @Override
    public void close() {
        running.shutdownNow();
        try {
            running.awaitTermination(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Who may import nothing keeps nothing here. */
    private static void demandAny(Write write, UUID account) throws SQLException {
        boolean any = GrantRows.heldBy(write.connection(), account, write.time()).stream()
                .anyMatch(
                        it -> it.rights().contains(Right.PEOPLE) || it.rights().contains(Right.STRUCTURE));
        if (!any) {
            throw new ProvisioningRefused(Reason.NO_RIGHT_IN_THE_STATE, Right.PEOPLE.word());
        }
    }

    private UUID account() {
        return switch (Circumstances.current(clock).actor()) {
            case Actor.Account(UUID id) -> id;
            case Actor.Program _, Actor.SystemUser _, Actor.Nobody _ ->
                throw new IllegalStateException("files are kept for accounts");
        };
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    /** How far an import is; what it tells was told by the look already. */
    private static final class Advance implements Imports.Watch {
        private final AtomicLong done = new AtomicLong();
        private final AtomicLong of = new AtomicLong();

        @Override
        public void at(long done, long of) {
            if (Thread.currentThread().isInterrupted()) {
                throw new ImportRefused(ImportRefused.Reason.STOPPED);
            }
            this.done.set(done);
            this.of.set(of);
        }

        @Override
        public void change(String sentence) {}

        @Override
        public void problem(Problem problem, String sentence) {}

        @Override
        public void refused(String line) {}
    }

    /** The file, a part at a time. */
    private final class Parts extends InputStream {
        private final UUID id;
        private InputStream part = InputStream.nullInputStream();
        private int next;

        Parts(UUID id) {
            this.id = id;
        }

        @Override
        public int read() throws IOException {
            int octet = part.read();
            return octet >= 0 || !more() ? octet : part.read();
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            int count = part.read(into, from, length);
            return count >= 0 || !more() ? count : part.read(into, from, length);
        }

        private boolean more() {
            Optional<byte[]> octets = connections.autoCommit(c -> Sql.first(
                    c,
                    row -> row.getBytes(1),
                    "select octets from import_file_part where file_id = ? and number = ?",
                    id,
                    next));
            next++;
            octets.ifPresent(it -> part = new ByteArrayInputStream(it));
            return octets.isPresent();
        }
    }

    private record Line(
            String channel,
            int number,
            int line,
            String column,
            String kind,
            int other,
            boolean refuses,
            String what,
            String text) {}

    /** What the look tells, on its way to the table. */
    private final class Spool implements Imports.Watch, AutoCloseable {
        private final UUID id;
        private final Locale language;
        private final ExecutorService writer =
                Executors.newSingleThreadExecutor(Thread.ofVirtual().factory());
        private List<Line> lines = new ArrayList<>();
        private @Nullable Future<?> last;
        private @Nullable String guard;
        private int problems;
        private int changes;
        private int refused;

        Spool(UUID id, Locale language) {
            this.id = id;
            this.language = language;
        }

        @Override
        public void at(long done, long of) {}

        @Override
        public void change(String sentence) {
            change(0, "", "", sentence);
        }

        @Override
        public void change(int line, String whom, String what, String sentence) {
            add(new Line("change", ++changes, line, whom, "", 0, false, what, sentence));
        }

        @Override
        public void problem(Problem problem, String sentence) {
            add(new Line(
                    "problem",
                    ++problems,
                    problem.line(),
                    problem.column(),
                    problem.kind().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                    problem.otherLine(),
                    problem.refuses(),
                    problem.what(language),
                    sentence));
        }

        @Override
        public void refused(String line) {
            add(new Line("refused", ++refused, 0, "", "", 0, true, "", line));
        }

        @Override
        public void tooMuch(ImportRefused refusal) {
            guard = refusal.sentence(language);
        }

        private void add(Line line) {
            lines.add(line);
            if (lines.size() >= LINES_AT_ONCE) {
                flush();
            }
        }

        /** Never more than one lot waits for the one that is written. */
        private void flush() {
            await();
            List<Line> some = lines;
            lines = new ArrayList<>();
            last = writer.submit(() -> write(some));
        }

        void end() {
            flush();
            await();
        }

        private void await() {
            Future<?> waited = last;
            if (waited == null) {
                return;
            }
            try {
                waited.get();
            } catch (ExecutionException e) {
                throw e.getCause() instanceof StoreUnavailable unavailable
                        ? unavailable
                        : new IllegalStateException(e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new UncheckedIOException(new InterruptedIOException());
            }
        }

        private void write(List<Line> some) {
            connections.autoCommit(c -> Sql.update(
                    c,
                    """
                    insert into import_file_line(file_id, channel, number, line, "column", kind, other, refuses, what, text)
                    select ?, u.* from unnest(?::text[], ?::int[], ?::int[], ?::text[], ?::text[], ?::int[], ?::bool[], ?::text[], ?::text[]) u
                    """,
                    id,
                    some.stream().map(Line::channel).toArray(String[]::new),
                    some.stream().map(it -> String.valueOf(it.number())).toArray(String[]::new),
                    some.stream().map(it -> String.valueOf(it.line())).toArray(String[]::new),
                    some.stream().map(Line::column).toArray(String[]::new),
                    some.stream().map(Line::kind).toArray(String[]::new),
                    some.stream().map(it -> String.valueOf(it.other())).toArray(String[]::new),
                    some.stream().map(it -> String.valueOf(it.refuses())).toArray(String[]::new),
                    some.stream().map(it -> it.what().replace('\0', '\uFFFD')).toArray(String[]::new),
                    some.stream().map(it -> it.text().replace('\0', '\uFFFD')).toArray(String[]::new)));
        }

        @Override
        public void close() {
            writer.shutdownNow();
        }
    }
}
