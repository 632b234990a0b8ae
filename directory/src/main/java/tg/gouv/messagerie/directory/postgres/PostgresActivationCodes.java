package tg.gouv.messagerie.directory.postgres;

import java.net.InetAddress;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import tg.gouv.messagerie.directory.Account;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.activation.ActivationCodes;
import tg.gouv.messagerie.directory.activation.Code;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused.Reason;
import tg.gouv.messagerie.directory.rights.Right;
import tg.gouv.messagerie.directory.signin.PasswordHashes;
import tg.gouv.messagerie.directory.signin.SecretSignIns;
import tg.gouv.messagerie.directory.signin.SignIn;
import tg.gouv.messagerie.directory.signin.SignIns;
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

/*
 * A code is compared by the machinery of sign-ins over the codes' hashes, so it is throttled and audited as a password, a wrong one is as
 * slow to tell, and wrong codes count with wrong passwords. Its use is one transaction: the row that holds the hash that was compared goes,
 * the password comes. Of two who use it at once one finds the row gone; whoever is killed before the commit has used nothing.
 */
/** One-time codes in the table {@code activation_code}. */
final class PostgresActivationCodes implements ActivationCodes {
    /** One transaction's worth. */
    private static final int SWEPT_AT_ONCE = 500;

    private final Connections connections;
    private final SignIns codes;
    private final SecretSignIns signIns;
    private final PostgresProvisioning provisioning;
    private final PasswordHashes hashes;
    private final ChosenPasswords chosen;
    private final AuditTrail trail;
    private final PostgresSessions sessions;
    private final InstantSource clock;
    private final SecureRandom random;
    private final Uuid7 ids;
    private final Duration lifetime;

    /**
     * Codes of this schema.
     *
     * @param codes signs in with codes
     * @param signIns signs in with passwords
     * @param provisioning makes accounts active
     */
    PostgresActivationCodes(
            Connections connections,
            SignIns codes,
            SecretSignIns signIns,
            PostgresProvisioning provisioning,
            PasswordHashes hashes,
            ChosenPasswords chosen,
            AuditTrail trail,
            PostgresSessions sessions,
            InstantSource clock,
            SecureRandom random,
            Duration lifetime) {
        this.connections = connections;
        this.codes = codes;
        this.signIns = signIns;
        this.provisioning = provisioning;
        this.hashes = hashes;
        this.chosen = chosen;
        this.trail = trail;
        this.sessions = sessions;
        this.clock = clock;
        this.random = random;
        this.ids = new Uuid7(clock, random);
        this.lifetime = lifetime;
    }

    /** Who would get a code. */
    private record Receiver(UUID account, String kind, boolean open, boolean hasPassword) {
        static Receiver read(ResultSet row) throws SQLException {
            return new Receiver(row.getObject(1, UUID.class), row.getString(2), row.getBoolean(3), row.getBoolean(4));
        }
    }

    @Override
    public Issued issue(MailAddress address, boolean despitePassword) {
        sweep();
        Secret code = Code.random(random);
        String hash = hashes.hashOfRandom(Code.typed(code));
        Instant now = now();
        Instant expires = now.plus(lifetime);
        return connections.transaction(c -> {
            Receiver receiver = Sql.first(c, Receiver::read, """
                            select a.id, a.kind, a.state in ('created', 'active'), c.account_id is not null
                            from address d join account a on a.id = d.account_id left join credential c on c.account_id = a.id
                            where d.address = ?
                            """, address.toString())
                    .orElseThrow(() -> new ProvisioningRefused(Reason.UNKNOWN_PERSON, address));
            if (receiver.kind().equals("function")) {
                throw new ProvisioningRefused(Reason.NO_PASSWORD_FOR_A_FUNCTION, address);
            }
            Write write = new Write(c, now, ids);
            Actor actor = Circumstances.current(clock).actor();
            if (!Judge.trusts(actor)) {
                write.begin();
                new Judge(write, actor).credentials(receiver.account());
            }
            if (!receiver.open()) {
                throw new ProvisioningRefused(Reason.NOT_ACTIVE, address);
            }
            if (receiver.hasPassword() && !despitePassword) {
                throw new ProvisioningRefused(Reason.HAS_A_PASSWORD, address);
            }
            Sql.update(c, """
                    insert into activation_code(account_id, hash, issued, expires) values (?, ?, ?, ?)
                    on conflict (account_id) do update
                        set hash = excluded.hash, issued = excluded.issued, expires = excluded.expires
                    """, receiver.account(), hash, Times.of(now), Times.of(expires));
            audit(c, Act.ACTIVATION_CODE_ISSUED, List.of(receiver.account()));
            return new Issued(new AccountId(receiver.account()), code, expires);
        });
    }

    /** Planned each time, with the part's entities: of a small one the index is read, of the whole State everybody once. */
    @Override
    public Waiting waiting(EntityCode entity) {
        return connections.transaction(c -> {
            UUID part = demandPart(c, entity);
            Sql.update(c, "set local plan_cache_mode = force_custom_plan");
            return Sql.first(
                            c,
                            row -> new Waiting(row.getInt(1), row.getInt(2)),
                            """
                            select count(*), count(o.account_id) from person p
                                join account a on a.id = p.account_id and a.state in ('created', 'active')
                                left join activation_code o on o.account_id = a.id and o.expires > ?
                            where p.entity_id = any(?) and not exists (select from credential c where c.account_id = p.account_id)
                            """,
                            Times.of(now()),
                            Tree.below(c, part).toArray(UUID[]::new))
                    .orElseThrow();
        });
    }

    /** There is such an entity, and who acts may give its people passwords; each of them is judged again. */
    private UUID demandPart(Connection c, EntityCode entity) throws SQLException {
        UUID id = Sql.first(
                        c, row -> row.getObject(1, UUID.class), "select id from entity where code = ?", entity.value())
                .orElseThrow(() -> new ProvisioningRefused(Reason.UNKNOWN_ENTITY, entity, entity));
        new Judge(new Write(c, now(), ids), Circumstances.current(clock).actor()).demand(Right.CREDENTIALS, id);
        return id;
    }

    @Override
    public int issueTo(EntityCode entity, boolean again, Consumer<Letter> told) {
        sweep();
        List<Addressed> people = connections.autoCommit(c -> {
            demandPart(c, entity);
            return Sql.query(
                    c,
                    row -> new Addressed(
                            Optional.ofNullable(row.getString(1)),
                            row.getString(2),
                            Locale.of(row.getString(3)),
                            MailAddress.of(row.getString(4)),
                            new Service(row.getString(5), row.getString(6), row.getInt(7))),
                    """
                    with recursive part(id, code, name, path) as (
                        select id, code, name, array[code] from entity where code = ?
                        union select e.id, e.code, e.name, part.path || e.code from entity e join part on e.parent_id = part.id)
                    select p.registration_number, a.display_name, p.language, d.address, part.code, part.name,
                        count(*) over (partition by part.id)
                    from part join person p on p.entity_id = part.id
                        join account a on a.id = p.account_id and a.state in ('created', 'active')
                        join address d on d.account_id = a.id and d.role = 'primary'
                    where not exists (select from credential c where c.account_id = a.id)
                        and (? or not exists (select from activation_code o where o.account_id = a.id))
                    order by part.path, d.address
                    """,
                    entity.value(),
                    again);
        });
        int count = 0;
        for (Addressed each : people) {
            Optional<Issued> issued = issueUnlessRefused(each.address());
            if (issued.isPresent()) {
                count++;
                told.accept(new Letter(
                        each.number(), each.name(), each.language(), each.address(), each.service(), issued.get()));
            }
        }
        return count;
    }

    private Optional<Issued> issueUnlessRefused(MailAddress address) {
        try {
            return Optional.of(issue(address, false));
        } catch (ProvisioningRefused _) {
            return Optional.empty();
        }
    }

    private record Addressed(
            Optional<String> number, String name, Locale language, MailAddress address, Service service) {}

    @Override
    public Activated activate(String address, Secret code, Secret password, InetAddress from) {
        if (!hashes.canBe(password)) {
            return new Activated.BadPassword();
        }
        sweep();
        Optional<String> before = MailAddress.parse(address).flatMap(this::hash);
        if (address.indexOf('*') >= 0) {
            return new Activated.Refused(); // a function has no password of its own
        }
        return switch (codes.signIn(address, Code.typed(code), from, SignIns.Protocol.ACTIVATION)) {
            // What is known of the owner is compared with only now: it tells nothing to who has no code.
            case SignIn.Granted granted ->
                chosen.refusal(granted.account().id(), password).isPresent()
                        ? new Activated.BadPassword()
                        : use(granted.account(), before, password);
            case SignIn.Refused() -> new Activated.Refused();
            case SignIn.Throttled(Instant until) -> new Activated.Throttled(until);
        };
    }

    /** The hash of the code that serves now: what is used is what was compared, not what took its place meanwhile. */
    private Optional<String> hash(MailAddress address) {
        return connections.autoCommit(c -> Sql.first(
                c,
                row -> row.getString(1),
                "select o.hash from address d join activation_code o on o.account_id = d.account_id where d.address = ?",
                address.toString()));
    }

    private Activated use(Account account, Optional<String> code, Secret password) {
        String hash;
        try {
            hash = hashes.hash(password).orElseThrow();
        } catch (PasswordHashes.Busy _) {
            return new Activated.Throttled(now().plusSeconds(1));
        }
        UUID id = account.id().value();
        boolean isNew = account.state() == Account.State.CREATED;
        Activated activated = connections.transaction(c -> {
            Write write = new Write(c, now(), ids);
            if (isNew) {
                write.begin(); // before the code's row is locked, as who issues a code by right does
            }
            int used = Sql.update(
                    c,
                    "delete from activation_code where account_id = ? and hash = ? and expires > ?",
                    id,
                    code.orElse(""),
                    Times.of(now()));
            if (used == 0) {
                return new Activated.Refused();
            }
            new AccountRows(write).password(account.id(), hash, true);
            audit(c, Act.ACTIVATION_CODE_USED, List.of(id));
            if (isNew) {
                provisioning.activate(write, account.id());
            }
            audit(c, Act.PASSWORD, List.of(id));
            sessions.changed(List.of(id));
            return new Activated.Done(account.id());
        });
        if (activated instanceof Activated.Done) {
            signIns.chosen(account.id(), hash, password);
        }
        return activated;
    }

    @Override
    public int sweep() {
        int all = 0;
        int some;
        do {
            some = connections.transaction(c -> {
                List<UUID> over =
                        Sql.query(c, row -> row.getObject(1, UUID.class), """
                        delete from activation_code where account_id in (
                            select account_id from activation_code where expires <= ? order by expires limit ?
                            for update skip locked)
                        returning account_id
                        """, Times.of(now()), SWEPT_AT_ONCE);
                audit(c, Act.ACTIVATION_CODE_EXPIRED, over);
                return over.size();
            });
            all += some;
        } while (some == SWEPT_AT_ONCE);
        return all;
    }

    private void audit(Connection c, Act act, List<UUID> accounts) throws SQLException {
        if (!accounts.isEmpty()) {
            Circumstances circumstances = Circumstances.current(clock);
            trail.record(
                    c,
                    accounts.stream()
                            .map(id -> new DirectoryChange(
                                    circumstances, act, new Subject(Subject.Kind.ACCOUNT, id.toString())))
                            .toList());
        }
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
