package tg.gouv.messagerie.directory.postgres;

import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import tg.gouv.messagerie.directory.Account;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.PositionCode;
import tg.gouv.messagerie.directory.provisioning.Assignment;
import tg.gouv.messagerie.directory.provisioning.LifeCycle;
import tg.gouv.messagerie.directory.provisioning.Person;
import tg.gouv.messagerie.directory.provisioning.PersonName;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused.Reason;
import tg.gouv.messagerie.platform.audit.AuditEvent.DirectoryChange;
import tg.gouv.messagerie.platform.audit.Subject;
import tg.gouv.messagerie.platform.database.Sql;

/** The acts of a life cycle, made of those that change one thing each and are judged and audited as they are. */
record LifeCycleRows(Write write, AuditedRows rows) {
    LifeCycle.Done perform(LifeCycle act) throws SQLException {
        switch (act) {
            case LifeCycle.Reassignment it -> reassign(it);
            case LifeCycle.HandOver it -> handOver(it);
            case LifeCycle.Renaming(MailAddress person, PersonName name, MailAddress address) -> {
                UUID account = account(person);
                Person now = rows.people().read(account);
                rows.change(account, new Person(now.registrationNumber(), name, address, now.language(), now.entity()));
            }
            case LifeCycle.Suspension(MailAddress person) ->
                rows.state(new AccountId(account(person)), Account.State.SUSPENDED);
            case LifeCycle.Departure it -> depart(it);
            case LifeCycle.Hold(MailAddress person, String reason) -> rows.hold(account(person), reason);
            case LifeCycle.HoldEnd(MailAddress person) -> rows.endHold(account(person));
            case LifeCycle.Erasure it -> {
                return new LifeCycle.Done(rows.erase(account(it.person()), it));
            }
            case LifeCycle.Resumption(MailAddress person) -> {
                UUID account = account(person);
                rows.comeBack(account);
                if (rows.people().accounts().stateOf(account) == Account.State.SUSPENDED) {
                    rows.state(new AccountId(account), Account.State.ACTIVE);
                }
            }
        }
        return new LifeCycle.Done(told());
    }

    private void reassign(LifeCycle.Reassignment act) throws SQLException {
        UUID account = account(act.person());
        List<PositionCode> held = rows.people().held(account);
        if (act.leaves().isPresent()) {
            demandHeld(act.person(), act.leaves().get(), held);
        }
        for (PositionCode position : held) {
            boolean leaves = act.leaves().isEmpty() || act.leaves().get().equals(position);
            if (leaves && !position.equals(act.takes())) {
                end(act.person(), position);
            }
        }
        if (!held.contains(act.takes())) {
            rows.assignment(new Assignment(act.person(), act.takes()));
        }
        Person now = rows.people().read(account);
        rows.change(
                account,
                new Person(
                        now.registrationNumber(),
                        now.name(),
                        now.address(),
                        now.language(),
                        Optional.of(rows.people().structure().entityOf(act.takes()))));
    }

    private void handOver(LifeCycle.HandOver act) throws SQLException {
        UUID from = account(act.from());
        UUID to = account(act.to());
        demandHeld(act.from(), act.position(), rows.people().held(from));
        if (!from.equals(to)) {
            end(act.from(), act.position());
            if (!rows.people().held(to).contains(act.position())) {
                rows.assignment(new Assignment(act.to(), act.position()));
            }
        }
    }

    private void depart(LifeCycle.Departure act) throws SQLException {
        UUID account = account(act.person());
        if (rows.people().accounts().stateOf(account) == Account.State.CLOSED) {
            throw new ProvisioningRefused(Reason.HAS_CLOSED, act.person());
        }
        rows.cancelAssignments(account);
        for (PositionCode position : rows.people().held(account)) {
            end(act.person(), position);
        }
        rows.state(new AccountId(account), Account.State.SUSPENDED);
        rows.departure(account, act);
    }

    private void end(MailAddress person, PositionCode position) throws SQLException {
        rows.assignment(new Assignment(person, position, Optional.empty(), Optional.of(write.now())));
    }

    private UUID account(MailAddress person) throws SQLException {
        return rows.people().accountOf(person);
    }

    private static void demandHeld(MailAddress person, PositionCode position, List<PositionCode> held) {
        if (!held.contains(position)) {
            throw new ProvisioningRefused(Reason.NOT_HELD, person, position);
        }
    }

    /** The changes as people read them: accounts by their primary addresses. */
    private List<LifeCycle.Change> told() throws SQLException {
        Map<String, String> addresses = new HashMap<>();
        Sql.query(
                write.connection(),
                row -> addresses.put(row.getString(1), row.getString(2)),
                "select account_id, address from address where role = 'primary' and account_id = any(?)",
                (Object) rows.changes().stream()
                        .map(DirectoryChange::subject)
                        .filter(subject -> subject.kind() == Subject.Kind.ACCOUNT)
                        .map(subject -> UUID.fromString(subject.id()))
                        .toArray(UUID[]::new));
        return rows.changes().stream()
                .map(change -> new LifeCycle.Change(
                        change.act().substring("directory-".length()),
                        addresses.getOrDefault(
                                change.subject().id(), change.subject().id()),
                        change.counterpart().map(Subject::id)))
                .toList();
    }
}
