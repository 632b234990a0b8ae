package tg.gouv.messagerie.directory.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tg.gouv.messagerie.directory.Account;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.help.PersonStates;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused.Reason;
import tg.gouv.messagerie.directory.rights.Place;
import tg.gouv.messagerie.directory.rights.Right;
import tg.gouv.messagerie.directory.rights.Rights;
import tg.gouv.messagerie.directory.signin.SecondFactors;
import tg.gouv.messagerie.directory.signin.Sessions;
import tg.gouv.messagerie.platform.audit.Actor;
import tg.gouv.messagerie.platform.audit.AuditEvent;
import tg.gouv.messagerie.platform.audit.AuditEvent.DirectoryChange;
import tg.gouv.messagerie.platform.audit.AuditTrail;
import tg.gouv.messagerie.platform.audit.Circumstances;
import tg.gouv.messagerie.platform.audit.Subject;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Sql;
import tg.gouv.messagerie.platform.database.Uuid7;

/** How accounts are, in the tables of sign-ins. */
final class PostgresPersonStates implements PersonStates {
    private static final String STATE = """
            select a.state, c.changed,
                (select max(good_at) from sign_in_attempts where subject = a.id),
                (select coalesce(sum(failures), 0) from sign_in_attempts where subject = a.id),
                f.confirmed, f.failures, f.since,
                (select count(*) from device_password d where d.account_id = a.id and (d.expires is null or d.expires > ?)),
                o.expires
            from account a left join credential c on c.account_id = a.id
                left join second_factor f on f.account_id = a.id and f.confirmed is not null
                left join activation_code o on o.account_id = a.id and o.expires > ?
            where a.id = ? and a.kind = 'person'
            """;

    private static final String WAITING = "select network::text, failures, closed_until from sign_in_attempts"
            + " where subject = ? and closed_until > ? order by closed_until desc, network limit ?";

    private final Connections connections;
    private final Connections writing;
    private final Rights rights;
    private final Sessions sessions;
    private final AuditTrail trail;
    private final InstantSource clock;
    private final Uuid7 ids;

    PostgresPersonStates(
            Connections connections,
            Connections writing,
            Rights rights,
            Sessions sessions,
            AuditTrail trail,
            InstantSource clock,
            Uuid7 ids) {
        this.connections = connections;
        this.writing = writing;
        this.rights = rights;
        this.sessions = sessions;
        this.trail = trail;
        this.clock = clock;
        this.ids = ids;
    }

    @Override
    public PersonState of(AccountId person) {
        Circumstances asked = Circumstances.current(clock);
        if (!asked.actor().equals(new Actor.Account(person.value()))) {
            rights.demand(Right.LOOK, new Place.OfAccount(person));
            demandPerson(person);
            trail.record(new AuditEvent.Look(asked, AuditEvent.Look.At.STATE, subject(person)));
        }
        Instant now = clock.instant();
        OffsetDateTime time = Times.of(now);
        int open = sessions.of(person).size();
        return connections.autoCommit(c -> {
            List<Waiting> waiting = Sql.query(
                    c,
                    row -> new Waiting(
                            row.getString(1), row.getInt(2), Times.read(row, 3).orElseThrow()),
                    WAITING,
                    person.value(),
                    time,
                    NETWORKS_MAX);
            return Sql.first(c, row -> read(row, waiting, open, now), STATE, time, time, person.value())
                    .orElseThrow(() -> unknown(person));
        });
    }

    private static PersonState read(ResultSet row, List<Waiting> waiting, int sessions, Instant now)
            throws SQLException {
        Optional<Instant> codesOver = Times.read(row, 7)
                .map(since -> since.plus(SecondFactors.WRONG_CODES_WINDOW))
                .filter(now::isBefore);
        int wrongCodes = codesOver.isPresent() ? row.getInt(6) : 0;
        return new PersonState(
                Account.State.valueOf(row.getString(1).toUpperCase(Locale.ROOT)),
                Times.read(row, 2),
                Times.read(row, 3),
                row.getInt(4),
                waiting,
                Times.read(row, 5),
                wrongCodes,
                codesOver.filter(_ -> wrongCodes >= SecondFactors.WRONG_CODES_MAX),
                row.getInt(8),
                sessions,
                Times.read(row, 9));
    }

    private void demandPerson(AccountId person) {
        if (connections
                .autoCommit(c -> Sql.first(
                        c, row -> true, "select from account where id = ? and kind = 'person'", person.value()))
                .isEmpty()) {
            throw unknown(person);
        }
    }

    @Override
    public boolean unlock(AccountId person) {
        Circumstances asked = Circumstances.current(clock);
        try {
            return writing.transaction(c -> unlock(c, person, asked));
        } catch (ProvisioningRefused e) {
            if (e.reason().isOfRights()) {
                trail.count(new AuditEvent.Refusal(asked, PostgresProvisioning.refusedIn(e)));
            }
            throw e;
        }
    }

    private boolean unlock(Connection c, AccountId person, Circumstances asked) throws SQLException {
        if (!Judge.trusts(asked.actor())) {
            Write write = new Write(c, clock.instant().truncatedTo(ChronoUnit.MICROS), ids);
            write.begin();
            new Judge(write, asked.actor()).credentials(person.value());
        }
        // Locked as acts on the second factor lock it.
        if (Sql.first(c, row -> true, "select from account where id = ? and kind = 'person' for update", person.value())
                .isEmpty()) {
            throw unknown(person);
        }
        int forgotten = Sql.update(
                        c,
                        "update sign_in_attempts set failures = 0, marks = '{}', failed_at = null, closed_until = null"
                                + " where subject = ? and (failures > 0 or closed_until is not null)",
                        person.value())
                + Sql.update(
                        c,
                        "update second_factor set failures = 0, since = null where account_id = ? and failures > 0",
                        person.value());
        if (forgotten > 0) {
            trail.record(c, new DirectoryChange(asked, DirectoryChange.Act.UNLOCK, subject(person)));
        }
        return forgotten > 0;
    }

    private static Subject subject(AccountId person) {
        return new Subject(Subject.Kind.ACCOUNT, person.toString());
    }

    private static ProvisioningRefused unknown(AccountId person) {
        return new ProvisioningRefused(Reason.UNKNOWN_ACCOUNT, person);
    }
}
