package tg.gouv.messagerie.directory.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tg.gouv.messagerie.directory.Account;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.FunctionAccess;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.PositionCode;
import tg.gouv.messagerie.directory.imports.Imports;
import tg.gouv.messagerie.directory.imports.Mapping;
import tg.gouv.messagerie.directory.provisioning.Assignment;
import tg.gouv.messagerie.directory.provisioning.Entity;
import tg.gouv.messagerie.directory.provisioning.FunctionMailbox;
import tg.gouv.messagerie.directory.provisioning.LifeCycle;
import tg.gouv.messagerie.directory.provisioning.Person;
import tg.gouv.messagerie.directory.provisioning.PersonName;
import tg.gouv.messagerie.directory.provisioning.Position;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused;
import tg.gouv.messagerie.directory.rights.Grant;
import tg.gouv.messagerie.directory.rights.Right;
import tg.gouv.messagerie.directory.signin.DevicePasswords;
import tg.gouv.messagerie.platform.audit.Actor;
import tg.gouv.messagerie.platform.audit.Circumstances;
import tg.gouv.messagerie.platform.audit.Origin;
import tg.gouv.messagerie.platform.database.Sql;
import tg.gouv.messagerie.platform.settings.Secret;

/**
 * Whatever focal points do, alone or together, themselves or by accounts whose password they have set: they reach no right, account or
 * mailbox that their own rights did not cover from the beginning, and spend no more than their budget. What they reach is told here out
 * of the tables, without the program's judge.
 *
 * <p>{@code -Dmessagerie.sequences=10000} for more than a moment's worth, {@code -Dmessagerie.seed=…} to see one again.
 */
class FocalPointsTest extends DirectoryTest {
    private static final int SEQUENCES = Integer.getInteger("messagerie.sequences", 60);
    private static final int ACTS = 14;
    private static final int BUDGET = 8;

    private final long seed = Long.getLong("messagerie.seed", System.nanoTime());
    private Random random = new Random(seed);

    @Test
    void noSequenceOfActsReachesBeyondTheRightsItBeganWith() {
        int allowed = 0;
        for (int i = 0; i < SEQUENCES; i++) {
            random = new Random(seed + i);
            empty();
            allowed += sequence(seed + i);
        }
        assertThat(allowed)
                .as("acts that were allowed: the test tries something")
                .isGreaterThan(SEQUENCES);
    }

    /** Makes a State and does acts in it; how many were allowed. */
    private int sequence(long name) {
        Map<UUID, String> focal = provisionState();
        Set<UUID> controlled = new HashSet<>();
        focal.keySet().stream().filter(_ -> random.nextInt(3) > 0).forEach(controlled::add);
        if (controlled.isEmpty()) {
            controlled.add(focal.keySet().iterator().next());
        }
        Tables before = Tables.read(this);
        Reach own = before.reach(controlled);
        Map<String, Integer> spent = before.spent();
        List<String> told = new ArrayList<>();
        int allowed = 0;
        for (int i = 0; i < ACTS; i++) {
            UUID actor = any(List.copyOf(controlled));
            Tables now = Tables.read(this);
            Attempt attempt = attempt(now);
            told.add(actor + " " + attempt.text());
            try {
                asking(actor).run(() -> attempt.act().run());
            } catch (ProvisioningRefused e) {
                told.removeLast();
                continue;
            }
            allowed++;
            attempt.opens().ifPresent(controlled::add);
            Tables after = Tables.read(this);
            String story = "seed " + name + ", " + told;
            Reach reached = after.reach(controlled);
            assertThat(reached.rights().stream()
                            .filter(before::knows)
                            .filter(each -> !own.rights().contains(each)))
                    .as(story)
                    .isEmpty();
            assertThat(reached.mailboxes().stream()
                            .filter(before.places()::containsKey)
                            .filter(box -> !own.mailboxes().contains(box) && !own.covers(before, box)))
                    .as(story)
                    .isEmpty();
            assertThat(reached.read().stream()
                            .filter(before.places()::containsKey)
                            .filter(account -> !own.mayTake(before, account)))
                    .as(story)
                    .isEmpty();
            assertThat(controlled.stream()
                            .filter(before.places()::containsKey)
                            .filter(account -> !own.mayTake(before, account)))
                    .as(story)
                    .isEmpty();
            after.spent()
                    .forEach((grant, count) -> assertThat(count)
                            .as(story)
                            .isLessThanOrEqualTo(Math.max(BUDGET, spent.getOrDefault(grant, 0))));
        }
        return allowed;
    }

    /** Two ministries with services, people, positions, function mailboxes and focal points, and an administrator of all. */
    private Map<UUID, String> provisionState() {
        provisioning.domain("gouv.tg");
        entity("etat", null);
        Map<UUID, String> focal = new HashMap<>();
        List<UUID> people = new ArrayList<>();
        for (String ministry : List.of("a", "b")) {
            entity(ministry, "etat");
            entity(ministry + "1", ministry);
            entity(ministry + "2", ministry);
            for (String each : List.of("", "1", "2")) {
                String entity = ministry + each;
                people.add(person("p" + entity, entity));
                provisioning.position(new Position(new PositionCode("pos" + entity), "Chef", new EntityCode(entity)));
                if (random.nextBoolean()) {
                    provisioning.functionMailbox(new FunctionMailbox(
                            MailAddress.of("fonction" + entity + "@gouv.tg"),
                            "Fonction",
                            new PositionCode("pos" + entity)));
                }
            }
            people.add(person("seul" + ministry, ministry));
        }
        for (String part : List.of("a", "b", "a1")) {
            UUID account = person("focal" + part, part);
            focal.put(account, part);
            Set<Right> rights = EnumSet.noneOf(Right.class);
            Arrays.stream(Right.values()).filter(_ -> random.nextInt(4) > 0).forEach(rights::add);
            rights.add(Right.LOOK);
            provisioning.grant(new Grant(
                    new Grant.OfAccount(new AccountId(account)),
                    rights,
                    Optional.of(new EntityCode(part)),
                    OptionalInt.of(BUDGET),
                    Optional.empty(),
                    Optional.empty()));
        }
        provisioning.functionMailbox(new FunctionMailbox(
                MailAddress.of("commune@gouv.tg"),
                "Commune",
                new FunctionMailbox.OfEntity(new EntityCode("b")),
                Map.of(new PositionCode("posa1"), FunctionAccess.READER)));
        provisioning.grant(new Grant(
                new Grant.OfAccount(new AccountId(people.get(random.nextInt(people.size())))),
                EnumSet.allOf(Right.class),
                Optional.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty()));
        provisioning.grant(new Grant(
                new Grant.OfPosition(new PositionCode("posb2")),
                EnumSet.of(Right.CREDENTIALS, Right.STATE, Right.GRANT),
                Optional.of(new EntityCode(any(List.of("a1", "b")))),
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty()));
        for (String position : List.of("posa", "posb1", "posb2")) {
            provisioning.assignment(new Assignment(
                    MailAddress.of(any(List.of("pa", "pa1", "pb", "pb2")) + "@gouv.tg"), new PositionCode(position)));
        }
        return focal;
    }

    private void entity(String code, @Nullable String parent) {
        provisioning.entity(new Entity(
                new EntityCode(code), code, Optional.ofNullable(parent).map(EntityCode::new)));
    }

    private UUID person(String login, @Nullable String entity) {
        return provisioning
                .person(new Person(
                        Optional.of(new Person.RegistrationNumber(login)),
                        new PersonName(login, "Mensah"),
                        MailAddress.of(login + "@gouv.tg"),
                        Locale.FRENCH,
                        Optional.ofNullable(entity).map(EntityCode::new)))
                .value();
    }

    /** Something to try, with what there is. */
    private Attempt attempt(Tables tables) {
        UUID account = any(List.copyOf(tables.places().keySet()));
        EntityCode entity = new EntityCode(any(List.copyOf(tables.entityCodes().values())));
        PositionCode position =
                new PositionCode(any(List.copyOf(tables.positionCodes().values())));
        MailAddress address = MailAddress.of(any(List.copyOf(tables.people().values())));
        return switch (random.nextInt(23)) {
            case 0 -> {
                String code = "n" + random.nextInt(4);
                yield new Attempt("new entity " + code + " in " + entity, () -> entity(code, entity.value()));
            }
            case 1 -> {
                EntityCode moved =
                        new EntityCode(any(List.copyOf(tables.entityCodes().values())));
                yield new Attempt("entity " + moved + " into " + entity, () -> entity(moved.value(), entity.value()));
            }
            case 2 -> {
                PositionCode moved = random.nextBoolean() ? position : new PositionCode("npos" + random.nextInt(3));
                yield new Attempt(
                        "position " + moved + " into " + entity,
                        () -> provisioning.position(new Position(moved, "Chef", entity)));
            }
            case 3 -> {
                String login = "new" + random.nextInt(20);
                yield new Attempt("new person " + login + " in " + entity, () -> person(login, entity.value()));
            }
            case 4 ->
                new Attempt("person " + address + " into " + entity, () -> person(address.localPart(), entity.value()));
            case 5 ->
                new Attempt(
                        address + " gets " + position,
                        () -> provisioning.assignment(new Assignment(address, position)));
            case 6 -> {
                boolean ofPosition = random.nextBoolean();
                MailAddress box =
                        MailAddress.of(any(List.of("fonctiona1", "fonctionb", "commune", "nouvelle")) + "@gouv.tg");
                PositionCode holder =
                        new PositionCode(any(List.copyOf(tables.positionCodes().values())));
                yield new Attempt(
                        "mailbox " + box + " of " + (ofPosition ? position : entity) + ", held by " + holder,
                        () -> provisioning.functionMailbox(new FunctionMailbox(
                                box,
                                "Fonction",
                                ofPosition
                                        ? new FunctionMailbox.OfPosition(position)
                                        : new FunctionMailbox.OfEntity(entity),
                                Map.of(holder, FunctionAccess.HOLDER))));
            }
            case 7 ->
                new Attempt(
                        "state of " + account,
                        () -> provisioning.state(
                                new AccountId(account), any(List.of(Account.State.ACTIVE, Account.State.CLOSED))));
            case 8, 9 ->
                new Attempt(
                        "password of " + account,
                        () -> provisioning.password(new AccountId(account), new Secret("un-bon-mot-de-passe")),
                        Optional.of(account));
            case 10 ->
                new Attempt(
                        "code for " + address,
                        () -> directories.activationCodes().issue(address, random.nextBoolean()),
                        Optional.of(tables.owner(address)));
            case 11 ->
                new Attempt(
                        "device of " + account,
                        () -> directories
                                .devicePasswords()
                                .issue(
                                        new AccountId(account),
                                        "Téléphone",
                                        DevicePasswords.PROTOCOLS,
                                        Optional.empty()),
                        Optional.of(account));
            case 12 ->
                new Attempt(
                        "second factor of " + account,
                        () -> directories.secondFactors().off(new AccountId(account), Optional.empty()));
            case 13 -> {
                Optional<MailAddress> reader = random.nextInt(4) == 0 ? Optional.empty() : Optional.of(anybody(tables));
                yield performed(new LifeCycle.Departure(
                        address, reader, Optional.empty(), clock.instant().plus(Duration.ofDays(30))));
            }
            case 14 -> performed(new LifeCycle.Reassignment(address, Optional.empty(), position));
            case 15 -> performed(new LifeCycle.HandOver(position, address, anybody(tables)));
            case 16 ->
                performed(new LifeCycle.Renaming(
                        address,
                        new PersonName("Ama", "Koffi"),
                        MailAddress.of("ama" + random.nextInt(9) + "@gouv.tg")));
            case 17 ->
                performed(random.nextBoolean() ? new LifeCycle.Suspension(address) : new LifeCycle.Resumption(address));
            case 18 -> {
                Set<Right> rights = EnumSet.noneOf(Right.class);
                Arrays.stream(Right.values())
                        .filter(_ -> random.nextInt(3) == 0)
                        .forEach(rights::add);
                rights.add(any(List.of(Right.values())));
                boolean toPosition = random.nextBoolean();
                yield new Attempt(
                        rights + " in " + entity + " to " + (toPosition ? position : account),
                        () -> provisioning.grant(new Grant(
                                toPosition
                                        ? new Grant.OfPosition(position)
                                        : new Grant.OfAccount(new AccountId(account)),
                                rights,
                                random.nextInt(5) == 0 ? Optional.empty() : Optional.of(entity),
                                OptionalInt.empty(),
                                Optional.empty(),
                                Optional.empty())));
            }
            case 19, 20 -> {
                StringBuilder file = new StringBuilder("matricule;nom;entite;poste;etat;adresse\n");
                for (int i = 0; i <= random.nextInt(3); i++) {
                    String number = random.nextBoolean()
                            ? "new" + random.nextInt(20)
                            : any(List.copyOf(tables.people().values())).split("@", 2)[0];
                    file.append("%s;Nom%d;%s;%s;%s;%s@gouv.tg\n"
                            .formatted(
                                    number,
                                    random.nextInt(2),
                                    any(List.of("", entity.value(), entity.value())),
                                    any(List.of("", "-", position.value())),
                                    any(List.of("", "", "active", "suspended", "closed")),
                                    number));
                }
                yield new Attempt("import " + file, () -> imported(file.toString()));
            }
            case 21 -> {
                yield new Attempt(
                        "import of a password of " + address,
                        () -> imported("matricule;empreinte\n" + address.localPart()
                                + ";{SSHA}MTIzNDU2Nzg5MDEyMzQ1Njc4OTBzYWx0\n"),
                        tables.people().entrySet().stream()
                                .filter(it -> it.getValue().equals(address.toString()))
                                .map(Map.Entry::getKey)
                                .findAny());
            }
            default -> {
                UUID grant = any(tables.grants()).id();
                yield new Attempt("revoke " + grant, () -> provisioning.revoke(grant));
            }
        };
    }

    private Attempt performed(LifeCycle act) {
        return new Attempt(act.toString(), () -> provisioning.perform(act));
    }

    private MailAddress anybody(Tables tables) {
        return MailAddress.of(any(List.copyOf(tables.people().values())));
    }

    /** Imports a file; as other acts, one of which nothing is done is refused. */
    private void imported(String file) {
        try {
            Imports.Report report = directories
                    .imports()
                    .run(
                            new Imports.Order("f.csv", Mapping.none(), false, false, true, Locale.FRENCH),
                            new ByteArrayInputStream(file.getBytes(UTF_8)),
                            new ImportsTest.Heard());
            if (report.made() + report.changed() == 0) {
                throw new ProvisioningRefused(ProvisioningRefused.Reason.NO_RIGHT_IN_THE_STATE, "people");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Circumstances asking(UUID account) {
        return new Circumstances(clock.instant(), new Actor.Account(account), Optional.empty(), new Origin.Here());
    }

    private <T> T any(List<T> things) {
        return things.get(random.nextInt(things.size()));
    }

    /** @param opens the account whose password the actor knows afterwards */
    private record Attempt(String text, Runnable act, Optional<UUID> opens) {
        Attempt(String text, Runnable act) {
            this(text, act, Optional.empty());
        }
    }

    private record At(Right right, UUID entity) {}

    /**
     * What a set of accounts can do.
     *
     * @param own the accounts
     * @param rights in each entity, those below included
     * @param everywhere in what belongs to no entity
     * @param mailboxes of functions that open to them
     * @param read accounts of those who left, whose mail they read
     */
    private record Reach(Set<UUID> own, Set<At> rights, Set<Right> everywhere, Set<UUID> mailboxes, Set<UUID> read) {
        boolean has(Right right, @Nullable UUID entity) {
            return entity == null ? everywhere.contains(right) : rights.contains(new At(right, entity));
        }

        /** Whether there is a way into a mailbox by the rights where it is. */
        boolean covers(Tables tables, UUID mailbox) {
            return Stream.of(Right.FUNCTION_MAILBOXES, Right.CREDENTIALS, Right.ASSIGN)
                    .anyMatch(right -> has(right, tables.place(mailbox)));
        }

        /** Whether the account is theirs from the beginning, or one whose password they may set: below them in every respect. */
        boolean mayTake(Tables tables, UUID account) {
            Reach its = tables.reachEver(new HashSet<>(Set.of(account)));
            boolean below = has(Right.CREDENTIALS, tables.place(account))
                    && rights.containsAll(its.rights())
                    && everywhere.containsAll(its.everywhere())
                    && its.mailboxes().stream().allMatch(box -> mailboxes.contains(box) || covers(tables, box));
            return below || own.contains(account);
        }
    }

    private record In(@Nullable UUID entity) {}

    private record GrantRow(
            UUID id,
            @Nullable UUID account,
            @Nullable UUID position,
            Set<Right> rights,
            @Nullable UUID entity,
            boolean budget,
            @Nullable UUID under,
            boolean revoked) {}

    private record Two(UUID one, UUID other) {}

    /** The tables, as they are. */
    private record Tables(
            Map<UUID, String> entityCodes,
            Map<UUID, In> parents,
            Map<UUID, String> positionCodes,
            Map<UUID, String> people,
            Map<UUID, In> places,
            List<GrantRow> grants,
            List<Two> held,
            List<Two> opening,
            List<Two> readers,
            Set<UUID> closed,
            Set<UUID> inactive) {
        static Tables read(FocalPointsTest test) {
            return test.look.autoCommit(c -> {
                Map<UUID, String> entityCodes = new HashMap<>();
                Map<UUID, In> parents = new HashMap<>();
                Sql.query(
                        c,
                        row -> {
                            entityCodes.put(row.getObject(1, UUID.class), row.getString(2));
                            return parents.put(row.getObject(1, UUID.class), new In(row.getObject(3, UUID.class)));
                        },
                        "select id, code, parent_id from entity order by id");
                Map<UUID, String> positionCodes = new HashMap<>();
                Sql.query(
                        c,
                        row -> positionCodes.put(row.getObject(1, UUID.class), row.getString(2)),
                        "select id, code from position order by id");
                Map<UUID, String> people = new HashMap<>();
                Sql.query(c, row -> people.put(row.getObject(1, UUID.class), row.getString(2)), """
                        select p.account_id, d.address from person p join address d on d.account_id = p.account_id and d.role = 'primary'
                        order by 1
                        """);
                Map<UUID, In> places = new HashMap<>();
                Sql.query(
                        c, row -> places.put(row.getObject(1, UUID.class), new In(row.getObject(2, UUID.class))), """
                        select account_id, entity_id from person
                        union all select f.account_id, coalesce(f.entity_id, p.entity_id)
                        from function_mailbox f left join position p on p.id = f.position_id order by 1
                        """);
                List<GrantRow> grants = Sql.query(
                        c,
                        row -> new GrantRow(
                                row.getObject(1, UUID.class),
                                row.getObject(2, UUID.class),
                                row.getObject(3, UUID.class),
                                GrantRows.rights(row.getArray(4)),
                                row.getObject(5, UUID.class),
                                row.getObject(6) != null,
                                row.getObject(7, UUID.class),
                                row.getBoolean(8)),
                        """
                        select id, account_id, position_id, rights, entity_id, accounts_max, under, revoked is not null
                        from right_grant order by id
                        """);
                List<Two> held = Sql.query(
                        c,
                        row -> new Two(row.getObject(1, UUID.class), row.getObject(2, UUID.class)),
                        "select p.account_id, a.position_id from assignment a join person p on p.id = a.person_id");
                List<Two> opening =
                        Sql.query(c, row -> new Two(row.getObject(1, UUID.class), row.getObject(2, UUID.class)), """
                        select position_id, account_id from function_mailbox where position_id is not null
                        union select position_id, account_id from function_holder
                        """);
                List<Two> readers = Sql.query(
                        c,
                        row -> new Two(row.getObject(1, UUID.class), row.getObject(2, UUID.class)),
                        "select reader_id, account_id from departure where reader_id is not null");
                Set<UUID> closed = new HashSet<>(Sql.query(
                        c, row -> row.getObject(1, UUID.class), "select id from account where state = 'closed'"));
                Set<UUID> inactive = new HashSet<>(Sql.query(
                        c, row -> row.getObject(1, UUID.class), "select id from account where state <> 'active'"));
                return new Tables(
                        entityCodes,
                        parents,
                        positionCodes,
                        people,
                        places,
                        grants,
                        held,
                        opening,
                        readers,
                        closed,
                        inactive);
            });
        }

        boolean knows(At at) {
            return entityCodes.containsKey(at.entity());
        }

        /** What these accounts can do now. */
        Reach reach(Set<UUID> accounts) {
            return reachEver(
                    accounts.stream().filter(each -> !inactive.contains(each)).collect(Collectors.toSet()));
        }

        /** What these accounts can do when they are active. */
        Reach reachEver(Set<UUID> accounts) {
            Set<UUID> positions = held.stream()
                    .filter(each -> accounts.contains(each.one()))
                    .map(Two::other)
                    .collect(Collectors.toSet());
            Set<At> rights = new HashSet<>();
            Set<Right> everywhere = EnumSet.noneOf(Right.class);
            for (GrantRow grant : grants) {
                if (serves(grant) && (accounts.contains(grant.account()) || positions.contains(grant.position()))) {
                    if (grant.entity() == null) {
                        everywhere.addAll(grant.rights());
                    }
                    entityCodes.keySet().stream()
                            .filter(each ->
                                    grant.entity() == null || above(each).contains(grant.entity()))
                            .forEach(each -> grant.rights().forEach(right -> rights.add(new At(right, each))));
                }
            }
            return new Reach(
                    Set.copyOf(accounts),
                    rights,
                    everywhere,
                    opening.stream()
                            .filter(each -> positions.contains(each.one()))
                            .map(Two::other)
                            .collect(Collectors.toSet()),
                    readers.stream()
                            .filter(each -> accounts.contains(each.one()))
                            .map(Two::other)
                            .collect(Collectors.toSet()));
        }

        UUID owner(MailAddress address) {
            return people.entrySet().stream()
                    .filter(each -> each.getValue().equals(address.toString()))
                    .findFirst()
                    .orElseThrow()
                    .getKey();
        }

        /** How many accounts there are in the part of each grant with a budget. */
        Map<String, Integer> spent() {
            Map<String, Integer> spent = new HashMap<>();
            for (GrantRow grant : grants) {
                if (grant.budget() && grant.entity() != null) {
                    spent.put(entityCodes.get(grant.entity()), (int) people.keySet().stream()
                            .filter(each -> !closed.contains(each))
                            .map(places::get)
                            .filter(in -> in != null
                                    && in.entity() != null
                                    && above(in.entity()).contains(grant.entity()))
                            .count());
                }
            }
            return spent;
        }

        private boolean serves(GrantRow grant) {
            return !grant.revoked()
                    && (grant.under() == null
                            || grants.stream()
                                    .filter(each -> each.id().equals(grant.under()))
                                    .allMatch(this::serves));
        }

        /** The entity of an account that there is. */
        @Nullable
        UUID place(UUID account) {
            return Objects.requireNonNull(places.get(account)).entity();
        }

        private @Nullable UUID parent(UUID entity) {
            return Objects.requireNonNull(parents.get(entity)).entity();
        }

        private Set<UUID> above(UUID entity) {
            Set<UUID> above = new HashSet<>();
            for (@Nullable UUID at = entity; at != null; at = parent(at)) {
                above.add(at);
            }
            return above;
        }
    }
}
