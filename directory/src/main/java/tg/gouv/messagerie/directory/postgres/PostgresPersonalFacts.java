package tg.gouv.messagerie.directory.postgres;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.personal.PersonalFacts;
import tg.gouv.messagerie.directory.personal.Table;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused.Reason;
import tg.gouv.messagerie.directory.rights.Right;
import tg.gouv.messagerie.directory.signin.Sessions.Live;
import tg.gouv.messagerie.platform.audit.Actor;
import tg.gouv.messagerie.platform.audit.AuditEvent.DirectoryChange;
import tg.gouv.messagerie.platform.audit.AuditEvent.DirectoryChange.Act;
import tg.gouv.messagerie.platform.audit.AuditTrail;
import tg.gouv.messagerie.platform.audit.Circumstances;
import tg.gouv.messagerie.platform.audit.Subject;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Sql;
import tg.gouv.messagerie.platform.database.Uuid7;

/** Every row of the schema {@code directory} that is about a person, secrets and their hashes excepted. */
final class PostgresPersonalFacts implements PersonalFacts {
    /** By the name of the table in the archive; each parameter is the account. A table of the schema that names accounts has its line. */
    private static final Map<String, String> FACTS = new LinkedHashMap<>();

    static {
        FACTS.put("identity", """
                select a.id, a.state, p.registration_number as "registrationNumber", p.given_name as given, p.family_name as family,
                    p.language, e.code as entity, e.name as "entityName", a.made, a.changed
                from person p join account a on a.id = p.account_id left join entity e on e.id = p.entity_id where a.id = ?
                """);
        FACTS.put("addresses", "select address, role, since from address where account_id = ? order by role, address");
        FACTS.put(
                "retiredAddresses", "select address, since from retired_address where account_id = ? order by address");
        FACTS.put("ldapName", "select name from ldap_name where account_id = ?");
        FACTS.put("positions", """
                select q.code as position, q.title, e.code as entity, h.starts as from, h.ends as until
                from person p join assignment h on h.person_id = p.id join position q on q.id = h.position_id
                    join entity e on e.id = q.entity_id
                where p.account_id = ? order by h.starts
                """);
        FACTS.put("functionMailboxes", """
                select distinct d.address, b.display_name as name from person p join assignment h on h.person_id = p.id
                    join (select position_id, account_id from function_mailbox where position_id is not null
                        union all select position_id, account_id from function_holder) way on way.position_id = h.position_id
                    join account b on b.id = way.account_id join address d on d.account_id = b.id and d.role = 'primary'
                where p.account_id = ? and (h.ends is null or h.ends > now()) order by d.address
                """);
        FACTS.put("groups", """
                select g.code, g.name from group_membership m join people_group g on g.id = m.group_id
                where m.account_id = ? order by g.code
                """);
        FACTS.put("mailingListsOwned", """
                select d.address from mailing_list l join address d on d.account_id = l.account_id and d.role = 'primary'
                where l.owner_id = ? order by d.address
                """);
        FACTS.put("rights", """
                select g.id, array_to_string(g.rights, ' ') as rights, e.code as entity, q.code as "byPosition", g.starts as from,
                    g.ends as until, g.given_by as by, g.revoked
                from right_grant g left join entity e on e.id = g.entity_id left join position q on q.id = g.position_id
                where g.account_id = ? or g.position_id in (
                    select h.position_id from person p join assignment h on h.person_id = p.id
                    where p.account_id = ? and (h.ends is null or h.ends > now()))
                order by g.starts, g.id
                """);
        FACTS.put("departure", """
                select d.until, r.address as reader, d.answer, d.made
                from departure d left join address r on r.account_id = d.reader_id and r.role = 'primary' where d.account_id = ?
                """);
        FACTS.put("legalHold", "select reason, made from legal_hold where account_id = ?");
        FACTS.put("readsForWhoLeft", """
                select d.address, l.until from departure l join address d on d.account_id = l.account_id and d.role = 'primary'
                where l.reader_id = ?
                """);
        FACTS.put("password", "select changed from credential where account_id = ?");
        FACTS.put("activationCode", "select issued, expires from activation_code where account_id = ?");
        FACTS.put("secondFactor", """
                select f.confirmed as since,
                    (select count(*) from recovery_code r where r.account_id = f.account_id) as "recoveryCodes"
                from second_factor f where f.account_id = ?
                """);
        FACTS.put("devices", """
                select id, name, array_to_string(protocols, ' ') as protocols, made, expires, used, used_network as "usedFrom",
                    used_by as "usedBy"
                from device_password where account_id = ? order by made
                """);
        FACTS.put(
                "hiddenFunctions",
                "select function_id as function, since from hidden_function where account_id = ? order by since");
        FACTS.put(
                "apiTokens", "select issued, expires, network from bearer_token where account_id = ? order by issued");
        FACTS.put("webSessions", """
                select id, begun, seen, expires, network, program, waiting as "codeMissing"
                from web_session where account_id = ? order by begun
                """);
        FACTS.put("apiRequests", "select key, status, body, made from request_key where account_id = ? order by made");
        FACTS.put("signInNetworks", """
                select network, failures, failed_at as "failed", good_at as "succeeded", closed_until as "closedUntil", touched
                from sign_in_attempts where subject = ? order by touched
                """);
        FACTS.put("filesToImport", "select name, state, made from import_file where account_id = ? order by made");
        FACTS.put("imports", """
                select i.id, i.kind, i.name, i.asked_by as by, i.begun, c.before::text as before
                from import_change c join import i on i.id = c.import_id where c.account_id = ? order by i.begun
                """);
    }

    private final Connections reading;
    private final Connections writing;
    private final AuditTrail trail;
    private final PostgresSessions sessions;
    private final InstantSource clock;
    private final Uuid7 ids;

    PostgresPersonalFacts(
            Connections reading,
            Connections writing,
            AuditTrail trail,
            PostgresSessions sessions,
            InstantSource clock,
            Uuid7 ids) {
        this.reading = reading;
        this.writing = writing;
        this.trail = trail;
        this.sessions = sessions;
        this.clock = clock;
        this.ids = ids;
    }

    /** The statements. */
    static Collection<String> facts() {
        return FACTS.values();
    }

    @Override
    public void demand(AccountId account) {
        Circumstances circumstances = Circumstances.current(clock);
        boolean own = circumstances.actor().equals(new Actor.Account(account.value()));
        writing.transaction(c -> {
            if (Sql.first(c, row -> true, "select from person where account_id = ?", account.value())
                    .isEmpty()) {
                throw new ProvisioningRefused(Reason.UNKNOWN_ACCOUNT, account);
            }
            if (!own) {
                Write write = new Write(c, clock.instant().truncatedTo(ChronoUnit.MICROS), ids);
                write.begin();
                Judge judge = new Judge(write, circumstances.actor());
                judge.demandAt(Right.PERSONAL_DATA, account.value());
                judge.dominate(account.value());
            }
            trail.record(
                    c,
                    new DirectoryChange(
                            circumstances, Act.PERSON_EXPORT, new Subject(Subject.Kind.ACCOUNT, account.toString())));
            return own;
        });
    }

    @Override
    public void write(AccountId account, Archive archive) throws IOException {
        List<Table> tables = reading.autoCommit(c -> tables(c, account.value()));
        tables.add(new Table(
                "sessions",
                List.of("protocol", "network", "since", "account"),
                sessions.of(account).stream()
                        .map((Live it) -> List.of(
                                it.protocol().name().toLowerCase(Locale.ROOT),
                                it.network(),
                                it.since().toString(),
                                it.account().toString()))
                        .toList()));
        Table.write(tables, archive, "annuaire");
    }

    private static List<Table> tables(Connection c, UUID account) throws SQLException {
        List<Table> tables = new ArrayList<>();
        for (Map.Entry<String, String> fact : FACTS.entrySet()) {
            Object[] parameters = new Object
                    [(int) fact.getValue().chars().filter(it -> it == '?').count()];
            Arrays.fill(parameters, account);
            List<String> columns = new ArrayList<>();
            List<List<String>> rows = Sql.query(
                    c,
                    row -> {
                        if (columns.isEmpty()) {
                            columns.addAll(columns(row.getMetaData()));
                        }
                        return cells(row, columns.size());
                    },
                    fact.getValue(),
                    parameters);
            tables.add(new Table(fact.getKey(), columns, rows));
        }
        return tables;
    }

    private static List<String> columns(ResultSetMetaData described) throws SQLException {
        List<String> columns = new ArrayList<>();
        for (int i = 1; i <= described.getColumnCount(); i++) {
            columns.add(described.getColumnLabel(i));
        }
        return columns;
    }

    private static List<String> cells(ResultSet row, int columns) throws SQLException {
        List<String> cells = new ArrayList<>();
        for (int i = 1; i <= columns; i++) {
            String text = row.getString(i);
            cells.add(text == null ? "" : text);
        }
        return cells;
    }
}
