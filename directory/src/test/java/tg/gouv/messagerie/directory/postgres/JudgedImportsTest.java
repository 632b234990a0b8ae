package tg.gouv.messagerie.directory.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.imports.ImportRefused;
import tg.gouv.messagerie.directory.imports.Imports;
import tg.gouv.messagerie.directory.imports.Imports.Report;
import tg.gouv.messagerie.directory.imports.Mapping;
import tg.gouv.messagerie.directory.provisioning.Domain;
import tg.gouv.messagerie.directory.provisioning.Entity;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused;
import tg.gouv.messagerie.directory.rights.Grant;
import tg.gouv.messagerie.directory.rights.Right;
import tg.gouv.messagerie.platform.audit.Actor;
import tg.gouv.messagerie.platform.audit.Circumstances;
import tg.gouv.messagerie.platform.audit.Origin;
import tg.gouv.messagerie.platform.database.Sql;

/** A file of people by a focal point: each row is judged as the acts it is made of, and touches their part alone. */
class JudgedImportsTest extends DirectoryTest {
    private static final String HEADER = "matricule;prenoms;nom;entite;poste;etat;adresse;empreinte\n";
    private static final Mapping RULES = new Mapping(
            Mapping.none().columns(), List.of(new Mapping.Rule(Optional.empty(), "{given}.{family}@gouv.tg")));

    private AccountId focal = new AccountId(new UUID(0, 0));

    @BeforeEach
    void state() {
        look.autoCommit(c -> Sql.update(c, "truncate import cascade"));
        provisioning.apply(SmallState.state(Map.of()));
        provisioning.entity(new Entity(new EntityCode("sante"), "Ministère de la Santé", Optional.empty()));
        focal = account(SmallState.KOFI).id();
        run(HEADER + "1;Ama;Un;budget;;active;;\n2;Ama;Deux;sante;;active;;\n3;Ama;Trois;;;active;;\n");
        trail.events().clear();
    }

    private UUID give(OptionalInt accountsMax, Right... rights) {
        return provisioning.grant(new Grant(
                new Grant.OfAccount(focal),
                Set.of(rights),
                Optional.of(SmallState.ENERGY),
                accountsMax,
                Optional.empty(),
                Optional.empty()));
    }

    private Report run(String file, ImportsTest.Heard heard, boolean dry) {
        try {
            return directories
                    .imports()
                    .run(
                            new Imports.Order("p.csv", RULES, dry, false, true, Locale.FRENCH),
                            new ByteArrayInputStream(file.getBytes(UTF_8)),
                            heard);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Report run(String file) {
        return run(file, new ImportsTest.Heard(), false);
    }

    private Report asFocal(String file, ImportsTest.Heard heard, boolean dry) {
        AtomicReference<Report> report = new AtomicReference<>();
        asking(() -> report.set(run(file, heard, dry)));
        return report.get();
    }

    private void asking(Runnable act) {
        new Circumstances(
                        clock.instant(),
                        new Actor.Account(focal.value()),
                        Optional.empty(),
                        new Origin.Remote("10.0.0.0/24", "http"))
                .run(act);
    }

    private List<String> people() {
        return query("""
                select concat_ws('|', p.registration_number, p.given_name, p.family_name, e.code, a.state,
                    (select string_agg(o.code, ' ') from assignment s join position o on o.id = s.position_id
                        where s.person_id = p.id and s.ends is null))
                from person p join account a on a.id = p.account_id left join entity e on e.id = p.entity_id
                where p.registration_number is not null order by p.registration_number
                """);
    }

    @Test
    void rowsOutsideTheirPartAreRefusedWhereTheyAreAndTheOthersGoIn() {
        give(OptionalInt.empty(), Right.PEOPLE, Right.STATE, Right.LOOK);
        trail.events().clear();
        String file = HEADER
                + "10;Afi;Ayité;budget;;;;\n" // theirs
                + "11;Afi;Bodjona;sante;;;;\n" // another ministry's
                + "12;Afi;Cosme;;;;;\n" // nobody's
                + "1;Amélie;;;;;;\n" // theirs
                + "2;Amélie;;;;;;\n" // another ministry's
                + "3;;;budget;;;;\n" // is nobody's, and would become theirs
                + "1x;Afi;Ekoué;budget;agent-budget;;;\n" // into a position
                + "1y;Afi;Folly;budget;;suspended;;\n"
                + "1z;Afi;Gnassé;budget;;;;{SSHA}MTIzNDU2Nzg5MDEyMzQ1Njc4OTBzYWx0\n"; // with a password
        ImportsTest.Heard dry = new ImportsTest.Heard();
        Report would = asFocal(file, dry, true);
        List<String> before = people();
        ImportsTest.Heard heard = new ImportsTest.Heard();
        Report report = asFocal(file, heard, false);
        assertThat(before).hasSize(3);
        assertThat(heard.problems)
                .containsExactly(
                        "ligne 3, colonne entite : il faut pour cela le droit « people » dans sante, que vous n'avez pas.",
                        "ligne 4, colonne entite : il faut pour cela le droit « people » dans tout l'État, que vous n'avez pas.",
                        "ligne 6, colonne matricule : il faut pour cela le droit « people » dans sante, que vous n'avez pas.",
                        "ligne 7, colonne matricule : il faut pour cela le droit « people » dans tout l'État, que vous n'avez pas.",
                        "ligne 8, colonne poste : il faut pour cela le droit « assign » dans budget, que vous n'avez pas.",
                        "ligne 10, colonne empreinte : il faut pour cela le droit « credentials » dans budget, que vous n'avez pas.");
        assertThat(dry.problems).isEqualTo(heard.problems);
        assertThat(dry.changes).hasSize(3).noneMatch(it -> it.contains("Deux") || it.contains("Trois"));
        assertThat(List.of(would.made(), would.changed(), would.refused()))
                .isEqualTo(List.of(report.made(), report.changed(), report.refused()))
                .isEqualTo(List.of(2, 1, 6));
        assertThat(people())
                .containsExactly(
                        "1|Amélie|Un|budget|active",
                        "10|Afi|Ayité|budget|created",
                        "1y|Afi|Folly|budget|suspended",
                        "2|Ama|Deux|sante|active",
                        "3|Ama|Trois|active");
        assertThat(heard.refused).hasSize(7).anyMatch(it -> it.startsWith("11;Afi;Bodjona;sante;"));
        assertThat(trail.events())
                .isNotEmpty()
                .allSatisfy(it -> assertThat(it.circumstances().actor()).isEqualTo(new Actor.Account(focal.value())));
    }

    @Test
    void theBudgetIsSpentRowByRowAndHolds() {
        give(OptionalInt.of(6), Right.PEOPLE); // Akossiwa, Kofi and 1 are there
        String file = HEADER
                + IntStream.range(20, 30)
                        .mapToObj(i -> i + ";Afi;Nom" + i + ";" + (i % 2 == 0 ? "budget" : "energie") + ";;;;\n")
                        .collect(Collectors.joining());
        ImportsTest.Heard heard = new ImportsTest.Heard();
        Report report = asFocal(file, heard, false);
        assertThat(report.made()).isEqualTo(3);
        assertThat(heard.problems)
                .hasSize(7)
                .first()
                .isEqualTo("ligne 5, colonne entite : le budget de comptes de energie est épuisé.");
        assertThat(
                        query(
                                "select count(*)::text from person p join entity e on e.id = p.entity_id where e.code <> 'sante'"))
                .containsExactly("6");
    }

    @Test
    void whoWouldBeGivenWhatTheFocalPointHasNotIsRefused() {
        give(OptionalInt.empty(), Right.PEOPLE, Right.ASSIGN, Right.CREDENTIALS, Right.STATE);
        provisioning.grant(new Grant(
                new Grant.OfPosition(SmallState.DIRECTOR),
                Set.of(Right.AUDIT),
                Optional.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty()));
        String akossiwa = "A-1";
        UUID account = account(SmallState.AKOSSIWA).id().value();
        look.autoCommit(c ->
                Sql.update(c, "update person set registration_number = ? where account_id = ?", akossiwa, account));
        ImportsTest.Heard heard = new ImportsTest.Heard();
        Report report = asFocal(
                HEADER + "30;Afi;Ayité;budget;directeur-budget;;;\n" + "31;Afi;Bodjona;budget;agent-budget;;;\n"
                        + akossiwa + ";;;;;suspended;;\n",
                heard,
                false);
        assertThat(report.made()).isEqualTo(1);
        assertThat(heard.problems)
                .containsExactly(
                        "ligne 2, colonne poste : il faut pour cela le droit « audit » dans tout l'État, que vous n'avez pas.",
                        "ligne 4, colonne etat : il faut pour cela le droit « audit » dans tout l'État, que vous n'avez pas.");
    }

    @Test
    void addressesAreGivenWhereTheDomainIsOnesOwnAndToWhomOneAdministers() {
        give(OptionalInt.empty(), Right.PEOPLE);
        provisioning.domain(new Domain("sante.gouv.tg", Optional.of(new EntityCode("sante"))));
        provisioning.domain(new Domain("energie.gouv.tg", Optional.of(SmallState.ENERGY)));
        provisioning.grant(new Grant(
                new Grant.OfAccount(account(SmallState.AKOSSIWA).id()),
                Set.of(Right.AUDIT),
                Optional.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty()));
        UUID akossiwa = account(SmallState.AKOSSIWA).id().value();
        look.autoCommit(
                c -> Sql.update(c, "update person set registration_number = 'A-1' where account_id = ?", akossiwa));
        ImportsTest.Heard heard = new ImportsTest.Heard();
        Report report = asFocal("""
                matricule;prenoms;nom;entite;adresse;autres-adresses
                60;Afi;Ayité;budget;afi@sante.gouv.tg;
                61;Afi;Bodjona;budget;afi@energie.gouv.tg;
                62;Afi;Cosme;budget;;cosme@sante.gouv.tg
                1;;;;;ministre@sante.gouv.tg
                A-1;;;;;ailleurs@gouv.tg
                """, heard, false);
        assertThat(heard.problems)
                .containsExactly(
                        "ligne 2, colonne adresse : il faut pour cela le droit « people » dans sante, que vous n'avez pas.",
                        "ligne 4, colonne autres-adresses : il faut pour cela le droit « people » dans sante, que vous n'avez pas.",
                        "ligne 5, colonne autres-adresses : il faut pour cela le droit « people » dans sante, que vous n'avez pas.",
                        "ligne 6, colonne autres-adresses : il faut pour cela le droit « audit » dans tout l'État, que vous n'avez pas.");
        assertThat(report.made()).isEqualTo(1);
        assertThat(query("select address from address where domain = 'sante.gouv.tg'"))
                .isEmpty();
    }

    @Test
    void aRightThatIsTakenBackBetweenTheLookAndTheBatchIsNotUsed() {
        UUID grant = give(OptionalInt.empty(), Right.PEOPLE);
        ImportsTest.Heard revoking = new ImportsTest.Heard() {
            @Override
            public void at(long done, long of) {
                Thread other = new Thread(() -> provisioning.revoke(grant));
                other.start();
                try {
                    other.join();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
        };
        Report report = asFocal(HEADER + "40;Afi;Ayité;budget;;;;\n", revoking, false);
        assertThat(people()).noneMatch(it -> it.startsWith("40|"));
        assertThat(report.made()).as("what was planned first").isEqualTo(1);
    }

    @Test
    void oneUndoesOnesOwnAsFarAsOnesRightsReach() {
        UUID operators = run(HEADER + "50;Afi;Ayité;budget;;;;\n").id().orElseThrow();
        UUID grant = give(OptionalInt.empty(), Right.PEOPLE, Right.ASSIGN);
        List<String> before = people();
        UUID own = asFocal(
                        HEADER + "1;Autre;;;agent-budget;;;\n51;Afi;Bodjona;budget;agent-budget;;;\n",
                        new ImportsTest.Heard(),
                        false)
                .id()
                .orElseThrow();
        asking(() -> {
            assertThat(directories.imports().list(10))
                    .extracting(Imports.Listed::id)
                    .containsExactly(own);
            assertThat(directories.imports().find(own)).isPresent();
            assertThat(directories.imports().find(operators)).as("another's").isEmpty();
            assertThat(directories.imports().list(Optional.of(own), 10)).isEmpty();
            assertThat(directories.imports().wouldGiveBack(operators, 10)).isEmpty();
            assertThat(directories.imports().wouldGiveBack(own, 10))
                    .extracting(Imports.GivenBack::number, Imports.GivenBack::isNew)
                    .containsExactly(tuple("1", false), tuple("51", true));
            assertThat(directories.imports().wouldGiveBack(own, 1)).hasSize(1);
            assertThatThrownBy(() -> directories.imports().undo(operators))
                    .isInstanceOfSatisfying(
                            ImportRefused.class,
                            it -> assertThat(it.reason()).isEqualTo(ImportRefused.Reason.NOT_YOURS));
            assertThatThrownBy(() -> directories.imports().export(Imports.Kind.PEOPLE, _ -> {}))
                    .isInstanceOf(ProvisioningRefused.class);
        });
        provisioning.revoke(grant);
        UUID less = give(OptionalInt.empty(), Right.PEOPLE);
        asking(() -> assertThatThrownBy(() -> directories.imports().undo(own))
                .isInstanceOfSatisfying(
                        ProvisioningRefused.class,
                        it -> assertThat(it.getMessage()).contains("assign", "budget")));
        provisioning.revoke(less);
        give(OptionalInt.empty(), Right.PEOPLE, Right.ASSIGN);
        asking(() -> assertThat(directories.imports().undo(own)).isEqualTo(2));
        assertThat(people()).isEqualTo(before);
    }

    @Test
    void howManyQuestionsAreAskedDoesNotDependOnTheRows() {
        give(OptionalInt.empty(), Right.PEOPLE, Right.ASSIGN);
        String file = HEADER
                + IntStream.range(0, 3_000)
                        .mapToObj(i -> "M" + i + ";Afi;Nom" + i + ";budget;agent-budget;;;\n")
                        .collect(Collectors.joining());
        long begun = System.nanoTime();
        assertThat(asFocal(file, new ImportsTest.Heard(), false).made()).isEqualTo(3_000);
        assertThat((System.nanoTime() - begun) / 1_000_000_000L).isLessThan(30);
    }
}
