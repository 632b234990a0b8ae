package tg.gouv.messagerie.directory.postgres;

import java.net.InetAddress;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import tg.gouv.messagerie.directory.Account;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.provisioning.Activation;
import tg.gouv.messagerie.directory.provisioning.Activations;
import tg.gouv.messagerie.directory.signin.LostPasswords;
import tg.gouv.messagerie.directory.signin.Origin;
import tg.gouv.messagerie.directory.signin.PasswordHashes;
import tg.gouv.messagerie.directory.signin.SecretSignIns;
import tg.gouv.messagerie.directory.signin.SignIn;
import tg.gouv.messagerie.platform.audit.Actor;
import tg.gouv.messagerie.platform.audit.AuditEvent.DirectoryChange;
import tg.gouv.messagerie.platform.audit.AuditEvent.DirectoryChange.Act;
import tg.gouv.messagerie.platform.audit.AuditTrail;
import tg.gouv.messagerie.platform.audit.Circumstances;
import tg.gouv.messagerie.platform.audit.Subject;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Sql;
import tg.gouv.messagerie.platform.database.Uuid7;
import tg.gouv.messagerie.platform.settings.Secret;

/* Both codes are used up in the transaction that writes the password, behind the lock of the account: of two who come with the same ones, one
 * chooses a password. */
/** Passwords chosen anew with two codes. */
record PostgresLostPasswords(
        Connections connections,
        SecretSignIns signIns,
        PasswordHashes hashes,
        ChosenPasswords chosen,
        AuditTrail trail,
        Activations told,
        PostgresSessions sessions,
        InstantSource clock,
        Uuid7 ids)
        implements LostPasswords {
    @Override
    public Outcome choose(String login, Secret telephone, Secret recovery, Secret password, InetAddress from) {
        chosen.demandForAnybody(password); // it tells the same to everybody
        SecretSignIns.Recovering shown = signIns.lostPassword(login, telephone, recovery, from);
        return switch (shown.answer()) {
            case SignIn.Granted granted -> {
                AccountId owner = granted.account().id();
                chosen.demand(owner, password);
                yield written(owner, shown, password, from);
            }
            case SignIn.Refused() -> new Outcome.Refused();
            case SignIn.Throttled(Instant until) -> new Outcome.Throttled(until);
        };
    }

    private Outcome written(AccountId owner, SecretSignIns.Recovering shown, Secret password, InetAddress from) {
        String hash;
        try {
            hash = hashes.hash(password).orElseThrow();
        } catch (PasswordHashes.Busy _) {
            return new Outcome.Throttled(now().plusSeconds(1));
        }
        Circumstances theirs = new Circumstances(
                now(),
                new Actor.Account(owner.value()),
                Optional.empty(),
                new tg.gouv.messagerie.platform.audit.Origin.Remote(
                        Origin.of(from).network(), "web"));
        return connections.<Outcome, RuntimeException>transaction(c -> {
            if (!used(c, owner.value(), shown)) {
                return new Outcome.Refused();
            }
            new AccountRows(new Write(c, now(), ids)).password(owner, hash, true);
            trail.record(
                    c,
                    new DirectoryChange(
                            theirs,
                            Act.PASSWORD,
                            new Subject(Subject.Kind.ACCOUNT, owner.toString()),
                            Optional.of(new Subject(Subject.Kind.SECRET, "recovery-code"))));
            told.recovered(c, activation(c, owner));
            sessions.changed(List.of(owner.value()));
            return new Outcome.Done(owner);
        });
    }

    private static boolean used(Connection c, UUID owner, SecretSignIns.Recovering shown) throws SQLException {
        boolean active = Sql.first(
                        c, row -> true, "select from account where id = ? and state = 'active' for update", owner)
                .isPresent();
        long step = shown.step().orElseThrow();
        return active && Sql.update(c, """
                                with used as (
                                    delete from recovery_code r where account_id = ? and digest = ? and exists (
                                        select from second_factor f
                                        where f.account_id = r.account_id and confirmed is not null and last_step < ?)
                                    returning account_id)
                                update second_factor set last_step = ?, failures = 0, since = null
                                where account_id = (select account_id from used)
                                """, owner, shown.digest(), step, step) == 1;
    }

    private static Activation activation(Connection c, AccountId owner) throws SQLException {
        return Sql.first(
                        c,
                        row -> new Activation(
                                owner,
                                Account.Kind.PERSON,
                                MailAddress.of(row.getString(1)),
                                row.getString(2),
                                Locale.of(row.getString(3))),
                        """
                        select d.address, a.display_name, p.language from account a
                        join person p on p.account_id = a.id
                        join address d on d.account_id = a.id and d.role = 'primary'
                        where a.id = ?
                        """,
                        owner.value())
                .orElseThrow();
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
