package tg.gouv.messagerie.platform.audit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Database;
import tg.gouv.messagerie.platform.database.Sql;
import tg.gouv.messagerie.platform.database.TestDatabase;
import tg.gouv.messagerie.platform.database.Uuid7;

/** A trail on a database of its own, sealed when a test says so. */
final class SealedTrail implements AutoCloseable {
    static final Subject PROGRAM = new Subject(Subject.Kind.PROGRAM, "0.1.0");

    final Database database = TestDatabase.fresh();
    final Connections connections;
    final SealKey key;
    final Sealer sealer;
    final Path outside;
    private final Path folder;
    private final HeadCourier courier;
    private final Uuid7 ids = Uuid7.system();

    SealedTrail(Path folder) throws IOException {
        this.folder = folder;
        database.migrate("platform");
        connections = database.connections("test", "platform", 8);
        connections.transaction(c -> {
            Chain.begin(c, ids.next());
            return true;
        });
        key = SealKey.of(Optional.empty(), folder);
        sealer = new Sealer(connections, key, InstantSource.system());
        outside = Files.createDirectories(folder.resolve("outside"));
        courier = new HeadCourier(connections, new DirectoryHeads(outside));
    }

    static AuditEvent event(String user) {
        return new AuditEvent.Order(
                new Circumstances(
                        Instant.parse("2026-11-26T08:00:00.123456Z"),
                        new Actor.SystemUser(user),
                        Optional.empty(),
                        new Origin.Here()),
                "down",
                PROGRAM,
                Outcome.DONE);
    }

    Row row(String user) {
        return Row.of(ids.next(), event(user));
    }

    /** Writes rows in a transaction, without sealing them. */
    void write(int count) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            rows.add(row("user" + i));
        }
        connections.transaction(c -> {
            Recorder.write(c, rows);
            return true;
        });
    }

    /** Writes so many rows, seals them under one head, and brings it outside. */
    void grow(int rows) {
        write(rows);
        sealer.sealAll();
        courier.deliver();
    }

    void deliver() {
        courier.deliver();
    }

    int sql(String statement) {
        return connections.autoCommit(c -> Sql.update(c, statement));
    }

    long number(String query) {
        return connections
                .autoCommit(c -> Sql.first(c, row -> row.getLong(1), query))
                .orElseThrow();
    }

    Verdict verify() throws IOException {
        return new Verification(connections, Optional.of(new DirectoryHeads(outside))).verdict();
    }

    Verdict verifyWithoutOutside() throws IOException {
        return new Verification(connections, Optional.empty()).verdict();
    }

    /** What somebody with the database, and perhaps with the key, does to hide a change: computes everything after it again. */
    void forge(SealKey with) {
        connections.transaction(c -> {
            UUID id = Chain.of(c).orElseThrow().id();
            Chain chain = new Chain(id, 0, Link.first(id));
            for (Row row : Sql.query(c, Row::read, "select " + Row.COLUMNS + " from audit_event order by number")) {
                chain = chain.with(row);
                Sql.update(
                        c,
                        "update audit_event set number = ?, link = decode(?, 'hex') where id = ?",
                        chain.number(),
                        chain.link().hex(),
                        row.id());
            }
            for (long number : Sql.query(c, row -> row.getLong(1), "select number from audit_head")) {
                String link = Sql.first(
                                c,
                                row -> row.getString(1),
                                "select encode(link, 'hex') from audit_event where number = ?",
                                number)
                        .orElse("");
                Head head = Head.signed(id, number, new Link(link), Instant.now(), with);
                Sql.update(c, "update audit_head set line = ? where number = ?", head.line(), number);
            }
            return Sql.update(
                    c,
                    "update audit_chain set last_number = ?, last_link = decode(?, 'hex')",
                    chain.number(),
                    chain.link().hex());
        });
    }

    /** Another key than the sealer's. */
    SealKey foreignKey() {
        return SealKey.of(Optional.empty(), folder.resolve("foreign"));
    }

    @Override
    public void close() {
        database.close();
    }
}
