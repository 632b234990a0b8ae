package tg.gouv.messagerie.directory.postgres;

import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused.Reason;
import tg.gouv.messagerie.directory.signin.DevicePassword;
import tg.gouv.messagerie.directory.signin.DevicePasswords;
import tg.gouv.messagerie.directory.signin.SignIns.Protocol;
import tg.gouv.messagerie.platform.audit.AuditEvent.DirectoryChange;
import tg.gouv.messagerie.platform.audit.AuditEvent.DirectoryChange.Act;
import tg.gouv.messagerie.platform.audit.AuditTrail;
import tg.gouv.messagerie.platform.audit.Circumstances;
import tg.gouv.messagerie.platform.audit.Subject;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Sql;
import tg.gouv.messagerie.platform.database.Uuid7;

/* Acts on one account's device passwords come one after the other: each begins by locking the account's row. */
/** Device passwords in the table {@code device_password}. */
final class PostgresDevicePasswords implements DevicePasswords {
    private static final int NAME_MAX = 100;

    private final Connections connections;
    private final AuditTrail trail;
    private final PostgresSessions sessions;
    private final InstantSource clock;
    private final SecureRandom random;
    private final Uuid7 ids;
    private final int most;

    /**
     * Those of this schema.
     *
     * @param sessions told of what is revoked
     * @param most how many a person may have
     */
    PostgresDevicePasswords(
            Connections connections,
            AuditTrail trail,
            PostgresSessions sessions,
            InstantSource clock,
            SecureRandom random,
            int most) {
        this.connections = connections;
        this.trail = trail;
        this.sessions = sessions;
        this.clock = clock;
        this.random = random;
        this.ids = new Uuid7(clock, random);
        this.most = most;
    }

    @Override
    public Issued issue(AccountId owner, String name, Set<Protocol> protocols, Optional<Instant> expires) {
        String called = name.strip();
        if (called.isEmpty() || called.length() > NAME_MAX || called.chars().anyMatch(Character::isISOControl)) {
            throw new ProvisioningRefused(Reason.BAD_DEVICE_NAME, NAME_MAX);
        }
        if (protocols.isEmpty() || !PROTOCOLS.containsAll(protocols)) {
            throw new ProvisioningRefused(Reason.NO_DEVICE_PROTOCOL);
        }
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        if (expires.filter(it -> !it.isAfter(now)).isPresent()) {
            throw new ProvisioningRefused(Reason.BAD_EXPIRY);
        }
        DevicePassword password = DevicePassword.random(random);
        UUID id = ids.next();
        return connections.transaction(c -> {
            judge(c, owner);
            demandMayHaveOne(c, owner);
            List<String> names = Sql.query(
                    c, row -> row.getString(1), "select name from device_password where account_id = ?", owner.value());
            if (names.contains(called)) {
                throw new ProvisioningRefused(Reason.DEVICE_NAME_TAKEN, called);
            }
            if (names.size() >= most) {
                throw new ProvisioningRefused(Reason.TOO_MANY_DEVICES, most);
            }
            Sql.update(
                    c,
                    """
                    insert into device_password(id, account_id, name, protocols, digest, made, expires)
                    values (?, ?, ?, ?, ?, ?, ?)
                    """,
                    id,
                    owner.value(),
                    called,
                    protocols.stream().map(DeviceRows::word).sorted().toArray(String[]::new),
                    password.digest(owner),
                    Times.of(now),
                    time(expires));
            audit(c, Act.DEVICE_PASSWORD_ISSUED, owner, List.of(new Named(id, called)));
            return new Issued(id, password.shown());
        });
    }

    @Override
    public List<Device> of(AccountId owner) {
        return connections.autoCommit(c -> Sql.query(
                c,
                DeviceRows::read,
                "select " + DeviceRows.COLUMNS + " from device_password where account_id = ? order by made, id",
                owner.value()));
    }

    @Override
    public boolean revoke(AccountId owner, UUID id) {
        return revoked(owner, Optional.of(id)) == 1;
    }

    @Override
    public int revokeAll(AccountId owner) {
        return revoked(owner, Optional.empty());
    }

    private int revoked(AccountId owner, Optional<UUID> which) {
        @Nullable UUID id = which.orElse(null);
        return connections.transaction(c -> {
            judge(c, owner);
            Sql.query(c, _ -> true, "select from account where id = ? for update", owner.value());
            List<Named> gone = Sql.query(
                    c,
                    row -> new Named(row.getObject(1, UUID.class), row.getString(2)),
                    "delete from device_password where account_id = ? and (?::uuid is null or id = ?) returning id, name",
                    owner.value(),
                    id,
                    id);
            audit(c, Act.DEVICE_PASSWORD_REVOKED, owner, gone);
            if (!gone.isEmpty()) {
                sessions.changed(List.of(owner.value()));
            }
            return gone.size();
        });
    }

    /** One's own are one's own; somebody else's are a way into their account. */
    private void judge(Connection c, AccountId owner) throws SQLException {
        Judge.ownOrCredentials(c, owner, clock, ids);
    }

    private static void demandMayHaveOne(Connection c, AccountId owner) throws SQLException {
        Whose whose = Sql.first(
                        c,
                        row -> new Whose(row.getString(1).equals("person"), row.getBoolean(2)),
                        "select kind, state = 'active' from account where id = ? for update",
                        owner.value())
                .orElseThrow(() -> new ProvisioningRefused(Reason.UNKNOWN_ACCOUNT, owner));
        if (!whose.person()) {
            throw new ProvisioningRefused(Reason.NO_PASSWORD_FOR_A_FUNCTION, owner);
        }
        if (!whose.active()) {
            throw new ProvisioningRefused(Reason.NOT_ACTIVE, owner);
        }
    }

    private void audit(Connection c, Act act, AccountId owner, List<Named> devices) throws SQLException {
        Circumstances circumstances = Circumstances.current(clock);
        trail.record(
                c,
                devices.stream()
                        .map(device -> new DirectoryChange(
                                circumstances,
                                act,
                                new Subject(Subject.Kind.ACCOUNT, owner.toString()),
                                Optional.of(new Subject(Subject.Kind.DEVICE, device.id() + "/" + device.name()))))
                        .toList());
    }

    private static @Nullable Object time(Optional<Instant> expires) {
        return expires.<Object>map(it -> Times.of(it.truncatedTo(ChronoUnit.MICROS)))
                .orElse(null);
    }

    private record Named(UUID id, String name) {}

    private record Whose(boolean person, boolean active) {}
}
