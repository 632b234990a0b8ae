package tg.gouv.messagerie.directory.postgres;

import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tg.gouv.messagerie.directory.Account;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.PositionCode;
import tg.gouv.messagerie.directory.provisioning.Assignment;
import tg.gouv.messagerie.directory.provisioning.Person;
import tg.gouv.messagerie.directory.provisioning.PersonName;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused.Reason;
import tg.gouv.messagerie.directory.rights.Right;
import tg.gouv.messagerie.platform.database.Sql;

/** People and the positions they hold. */
record PeopleRows(Write write, Judge judge, StructureRows structure, AccountRows accounts) {
    Kept person(Person person) throws SQLException {
        @Nullable
        UUID entity = person.entity().isPresent()
                ? structure.entityId(person.address(), person.entity().get())
                : null;
        Optional<UUID> known = known(person);
        if (known.isEmpty()) {
            judge.demand(Right.PEOPLE, entity);
            UUID made = make(person, entity);
            judge.budgets(entity);
            return new Kept(made, true, true);
        }
        return new Kept(known.get(), false, change(known.get(), person, entity));
    }

    /** Gives a person who is there other names, another language, entity or primary address. */
    boolean change(UUID account, Person person) throws SQLException {
        return change(
                account,
                person,
                person.entity().isPresent()
                        ? structure.entityId(person.address(), person.entity().get())
                        : null);
    }

    private boolean change(UUID account, Person person, @Nullable UUID entity) throws SQLException {
        @Nullable UUID before = judge.placeOf(account);
        judge.demand(Right.PEOPLE, before);
        if (!Objects.equals(before, entity)) {
            judge.move(Right.PEOPLE, before, entity);
        }
        boolean changed = write.update(
                """
                update person set given_name = ?, family_name = ?, language = ?, entity_id = ?
                where account_id = ? and (given_name, family_name, language, entity_id) is distinct from (?, ?, ?, ?)
                """,
                person.name().given(),
                person.name().family(),
                person.language().getLanguage(),
                entity,
                account,
                person.name().given(),
                person.name().family(),
                person.language().getLanguage(),
                entity);
        changed |= accounts.displayName(account, person.name().display());
        changed |= accounts.primary(account, person.address());
        judge.budgets(entity);
        return changed;
    }

    /** Gives a person another language; who asks is the person. */
    boolean language(UUID account, Locale language) throws SQLException {
        Person before = read(account);
        Person wanted = new Person(
                before.registrationNumber(),
                before.name(),
                before.address(),
                language,
                before.entity()); // refuses others
        return write.update(
                "update person set language = ? where account_id = ? and language <> ?",
                wanted.language().getLanguage(),
                account,
                wanted.language().getLanguage());
    }

    boolean assignment(Assignment assignment) throws SQLException {
        UUID person = personId(assignment.person());
        UUID position = structure.positionId(assignment.person(), assignment.position());
        judge.demand(Right.ASSIGN, structure.entityOf(position));
        judge.dominatePosition(position);
        @Nullable OffsetDateTime from = assignment.from().map(Times::of).orElse(null);
        @Nullable OffsetDateTime until = assignment.until().map(Times::of).orElse(null);
        Optional<Held> held = held(person, position, from, until);
        Instant starts = assignment.from().or(() -> held.map(Held::starts)).orElse(write.now());
        if (assignment.until().isPresent() && !assignment.until().get().isAfter(starts)) {
            throw new ProvisioningRefused(Reason.BAD_PERIOD, assignment.person(), assignment.position());
        }
        if (held.isEmpty()) {
            return write.update(
                    "insert into assignment(id, person_id, position_id, starts, ends, made) values (?, ?, ?, ?, ?, ?)",
                    write.newId(),
                    person,
                    position,
                    Times.of(starts),
                    until,
                    write.time());
        }
        return write.update(
                "update assignment set starts = ?, ends = ? where id = ? and (starts, ends) is distinct from (?, ?)",
                Times.of(starts),
                until,
                held.get().id(),
                Times.of(starts),
                until);
    }

    /** Removes the assignments of a person that have not begun, and returns the codes of their positions. */
    List<String> cancelAssignments(UUID account) throws SQLException {
        List<UUID> positions = Sql.query(
                write.connection(),
                row -> row.getObject(1, UUID.class),
                "select h.position_id from person p join assignment h on h.person_id = p.id where p.account_id = ? and h.starts >= ?",
                account,
                write.time());
        for (UUID position : positions) {
            judge.demand(Right.ASSIGN, structure.entityOf(position));
            judge.dominatePosition(position); // what it will open protects the account already
        }
        return Sql.query(write.connection(), row -> row.getString(1), """
                delete from assignment h using person p, position q
                where p.id = h.person_id and q.id = h.position_id and p.account_id = ? and h.starts >= ? returning q.code
                """, account, write.time());
    }

    /** A person as they are. */
    Person read(UUID account) throws SQLException {
        return Sql.first(
                        write.connection(),
                        row -> new Person(
                                Optional.ofNullable(row.getString(1)).map(Person.RegistrationNumber::new),
                                new PersonName(row.getString(2), row.getString(3)),
                                MailAddress.of(row.getString(4)),
                                Locale.of(row.getString(5)),
                                Optional.ofNullable(row.getString(6)).map(EntityCode::new)),
                        """
                        select p.registration_number, p.given_name, p.family_name, d.address, p.language, e.code
                        from person p join address d on d.account_id = p.account_id and d.role = 'primary'
                            left join entity e on e.id = p.entity_id
                        where p.account_id = ?
                        """,
                        account)
                .orElseThrow(() -> new ProvisioningRefused(Reason.UNKNOWN_ACCOUNT, account));
    }

    /** The positions that a person holds now, in the order of their codes. */
    List<PositionCode> held(UUID account) throws SQLException {
        return Sql.query(
                write.connection(),
                row -> new PositionCode(row.getString(1)),
                """
                select distinct held.code from person p join assignment a on a.person_id = p.id join position held on held.id = a.position_id
                where p.account_id = ? and a.starts <= ? and (a.ends is null or a.ends > ?) order by held.code
                """,
                account,
                write.time(),
                write.time());
    }

    /** The account of the person who has this address. */
    UUID accountOf(MailAddress address) throws SQLException {
        return write.id(
                        "select p.account_id from address d join person p on p.account_id = d.account_id where d.address = ?",
                        address.toString())
                .orElseThrow(() -> new ProvisioningRefused(Reason.UNKNOWN_PERSON, address));
    }

    private Optional<UUID> known(Person person) throws SQLException {
        return person.registrationNumber().isPresent()
                ? write.id(
                        "select account_id from person where registration_number = ?",
                        person.registrationNumber().get().value())
                : accounts.byPrimary(Account.Kind.PERSON, person.address());
    }

    private UUID make(Person person, @Nullable UUID entity) throws SQLException {
        UUID account = accounts.make(Account.Kind.PERSON, person.name().display());
        accounts.primary(account, person.address());
        write.update(
                """
                insert into person(id, account_id, registration_number, given_name, family_name, language, entity_id, made)
                values (?, ?, ?, ?, ?, ?, ?, ?)
                """,
                write.newId(),
                account,
                person.registrationNumber()
                        .map(Person.RegistrationNumber::value)
                        .orElse(null),
                person.name().given(),
                person.name().family(),
                person.language().getLanguage(),
                entity,
                write.time());
        return account;
    }

    private UUID personId(MailAddress address) throws SQLException {
        return write.id(
                        "select p.id from address d join person p on p.account_id = d.account_id where d.address = ?",
                        address.toString())
                .orElseThrow(() -> new ProvisioningRefused(Reason.UNKNOWN_PERSON, address));
    }

    /** The assignment an act is about: the one with one of its ends, else the one that is not over. */
    private Optional<Held> held(
            UUID person, UUID position, @Nullable OffsetDateTime from, @Nullable OffsetDateTime until)
            throws SQLException {
        return Sql.first(
                write.connection(),
                row -> new Held(row.getObject(1, UUID.class), Times.read(row, 2).orElseThrow()),
                """
                select id, starts from assignment
                where person_id = ? and position_id = ?
                    and (ends is null or ends > ? or starts = ?::timestamptz or ends = ?::timestamptz)
                order by coalesce(starts = ?::timestamptz, false) desc, coalesce(ends = ?::timestamptz, false) desc, starts desc
                limit 1
                """,
                person,
                position,
                write.time(),
                from,
                until,
                from,
                until);
    }

    /**
     * An account that is as an act wants it.
     *
     * @param made whether it was not there before
     * @param changed whether the act had to do something
     */
    record Kept(UUID account, boolean made, boolean changed) {}

    private record Held(UUID id, Instant starts) {}
}
