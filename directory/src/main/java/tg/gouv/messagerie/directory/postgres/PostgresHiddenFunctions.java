package tg.gouv.messagerie.directory.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused.Reason;
import tg.gouv.messagerie.directory.signin.HiddenFunctions;
import tg.gouv.messagerie.platform.audit.Actor;
import tg.gouv.messagerie.platform.audit.AuditEvent.DirectoryChange;
import tg.gouv.messagerie.platform.audit.AuditEvent.DirectoryChange.Act;
import tg.gouv.messagerie.platform.audit.AuditTrail;
import tg.gouv.messagerie.platform.audit.Circumstances;
import tg.gouv.messagerie.platform.audit.Subject;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Sql;

/** Hidden function mailboxes in the table {@code hidden_function}. */
record PostgresHiddenFunctions(
        Connections connections, AuditTrail trail, PostgresSessions sessions, InstantSource clock)
        implements HiddenFunctions {
    /** Whether a person has hidden a function mailbox, of these SQL expressions. */
    static String has(String holder, String function) {
        return "exists (select from hidden_function hidden where hidden.account_id = %s and hidden.function_id = %s)"
                .formatted(holder, function);
    }

    @Override
    public Set<AccountId> of(AccountId owner) {
        return new HashSet<>(connections.<List<AccountId>, RuntimeException>autoCommit(c -> Sql.query(
                c,
                row -> new AccountId(row.getObject(1, UUID.class)),
                "select function_id from hidden_function where account_id = ?",
                owner.value())));
    }

    @Override
    public boolean hide(AccountId owner, AccountId function) {
        demandOwner(owner);
        return connections.<Boolean, RuntimeException>transaction(c -> {
            demandUse(c, owner, function);
            int hidden = Sql.update(
                    c,
                    "insert into hidden_function(account_id, function_id, since) values (?, ?, ?) on conflict do nothing",
                    owner.value(),
                    function.value(),
                    Times.of(now()));
            return told(c, hidden, Act.FUNCTION_HIDDEN, owner, function);
        });
    }

    @Override
    public boolean show(AccountId owner, AccountId function) {
        demandOwner(owner);
        return connections.<Boolean, RuntimeException>transaction(c -> {
            int shown = Sql.update(
                    c,
                    "delete from hidden_function where account_id = ? and function_id = ?",
                    owner.value(),
                    function.value());
            return told(c, shown, Act.FUNCTION_SHOWN, owner, function);
        });
    }

    private boolean told(Connection c, int rows, Act act, AccountId owner, AccountId function) throws SQLException {
        if (rows == 0) {
            return false;
        }
        trail.record(
                c,
                new DirectoryChange(
                        Circumstances.current(clock),
                        act,
                        new Subject(Subject.Kind.ACCOUNT, owner.toString()),
                        Optional.of(new Subject(Subject.Kind.ACCOUNT, function.toString()))));
        sessions.changed(List.of(owner.value()));
        return true;
    }

    private void demandUse(Connection c, AccountId owner, AccountId function) throws SQLException {
        boolean uses = Sql.first(
                        c,
                        row -> true,
                        """
                        select from account h cross join lateral (%s) any_use where h.id = ? and any_use.function_id = ?
                        """.formatted(FunctionUse.by("h.id")),
                        Times.of(now()),
                        Times.of(now()),
                        owner.value(),
                        function.value())
                .isPresent();
        if (!uses) {
            throw new ProvisioningRefused(Reason.UNKNOWN_ACCOUNT, function);
        }
    }

    private void demandOwner(AccountId owner) {
        if (!Circumstances.current(clock).actor().equals(new Actor.Account(owner.value()))) {
            throw new IllegalStateException("only somebody themselves hides what their own programs open");
        }
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
