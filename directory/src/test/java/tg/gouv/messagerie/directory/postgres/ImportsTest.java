package tg.gouv.messagerie.directory.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tg.gouv.messagerie.directory.Account;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.imports.ImportRefused;
import tg.gouv.messagerie.directory.imports.ImportRefused.Reason;
import tg.gouv.messagerie.directory.imports.Imports;
import tg.gouv.messagerie.directory.imports.Imports.Report;
import tg.gouv.messagerie.directory.imports.Mapping;
import tg.gouv.messagerie.directory.imports.Problem;
import tg.gouv.messagerie.directory.rights.Grant;
import tg.gouv.messagerie.directory.rights.Right;
import tg.gouv.messagerie.platform.audit.AuditEvent;
import tg.gouv.messagerie.platform.audit.Circumstances;
import tg.gouv.messagerie.platform.database.Database;
import tg.gouv.messagerie.platform.database.Databases;
import tg.gouv.messagerie.platform.database.Sql;
import tg.gouv.messagerie.platform.database.TestDatabase;

/** Files of people, from dry run to undoing, in the real tables. */
class ImportsTest extends DirectoryTest {
    private static final String HEADER = "matricule;prenoms;nom;entite;poste;langue;adresse;etat\n";
    private static final Mapping RULES = new Mapping(
            Mapping.none().columns(), List.of(new Mapping.Rule(Optional.empty(), "{given}.{family}@gouv.tg")));

    @TempDir
    private Path folder;

    @BeforeEach
    void state() {
        look.autoCommit(c -> Sql.update(c, "truncate import cascade"));
        provisioning.apply(SmallState.state(Map.of()));
        trail.events().clear();
        activated.clear();
    }

    @Test
    void fiftyBadRowsAreFiftyProblemsAndTheOthersGoIn() {
        StringBuilder file = new StringBuilder(HEADER);
        int people = 5_000;
        for (int i = 0; i < people; i++) {
            if (i % 100 == 99) {
                file.append(bad(i));
            } else {
                file.append(i).append(";Kofi;Mensah").append(i % 7).append(";budget;agent-budget;fr;;\n");
            }
        }
        Heard heard = new Heard();
        Report report = run(file.toString(), heard);
        assertThat(heard.problems.stream().filter(it -> !it.contains("homonyme") && !it.contains("peut-être")))
                .hasSize(50)
                .allMatch(it -> it.matches("ligne \\d+01, colonne \\w+ : .*"));
        assertThat(report.made()).isEqualTo(4_950);
        assertThat(report.refused()).isEqualTo(50);
        assertThat(count("select count(*)::text from person where registration_number is not null"))
                .isEqualTo(4_950);
        assertThat(count("select count(*)::text from account where state = 'created'"))
                .isEqualTo(4_950);
        assertThat(count("select count(*)::text from import_batch")).isEqualTo(5);
        assertThat(activated).isEmpty();
        assertThat(trail.events().stream()
                        .map(AuditEvent::act)
                        .collect(Collectors.groupingBy(it -> it, Collectors.counting())))
                .containsEntry("directory-import", 1L)
                .containsEntry("directory-import-batch", 5L)
                .containsEntry("directory-person", 4_950L)
                .containsEntry("directory-assignment", 4_950L);

        List<String> before = export();
        pass(Duration.ofDays(1));
        trail.events().clear();
        Report again = run(file.toString(), new Heard());
        assertThat(again.id()).isEmpty();
        assertThat(again.unchanged()).isEqualTo(4_950);
        assertThat(again.made() + again.changed()).isZero();
        assertThat(trail.events()).isEmpty();
        assertThat(run(String.join("", before), new Heard()).unchanged())
                .as("an export is a file")
                .isEqualTo(4_950);
        assertThat(export()).isEqualTo(before);

        String corrected = heard.refused.getFirst()
                + heard.refused.stream().skip(1).map(ImportsTest::corrected).collect(Collectors.joining());
        assertThat(run(corrected, new Heard()).made()).as(corrected).isEqualTo(50);
    }

    private static String bad(int i) {
        return switch (i / 100 % 5) {
            case 0 -> i + ";=cmd();Mensah;budget;;;;\n";
            case 1 -> i + ";Kofi;Mensah;nulle-part;;;;\n";
            case 2 -> "0;Kofi;Mensah;budget;;;;\n";
            case 3 -> i + ";Kofi;Mensah;budget;agent-budget=2026-02-31;;;\n";
            default -> i + ";Kofi;Men\"sah;budget;;;;\n";
        };
    }

    private static String corrected(String row) {
        String right = row.replace("'=cmd()", "Kofi")
                .replace("nulle-part", "budget")
                .replace("=2026-02-31", "")
                .replace("\"Men\"\"sah\"", "Mensah");
        return right.startsWith("0;") ? "X" + row.hashCode() + UUID.randomUUID() + right.substring(1) : right;
    }

    @Test
    void aDryRunSaysWhatTheImportThenDoesAndWritesNothing() {
        run(people(20), new Heard());
        String file = HEADER
                + "1;Afi;Ayité;energie;directeur-budget;en;;\n2;;;;;;;\n77;;Issifou;;-;;issifou@gouv.tg;active\n";
        List<String> before = export();
        trail.events().clear();
        Heard heard = new Heard();
        Report dry = run(file, heard, true, true);
        assertThat(export()).isEqualTo(before);
        assertThat(heard.changes)
                .containsExactly(
                        "ligne 2 : 1 Afi Ayité : prénoms Ama → Afi, nom Nom1 → Ayité, langue fr → en, entité budget → energie,"
                                + " occupe directeur-budget, poste agent-budget : du 2026-11-24T12:00:00Z au 2026-11-24T12:00:00Z",
                        "ligne 4 : 77 Issifou : nouvelle personne, issifou@gouv.tg, état actif, entité -");
        Report done = run(file, new Heard(), false, true);
        assertThat(List.of(done.made(), done.changed(), done.unchanged()))
                .isEqualTo(List.of(dry.made(), dry.changed(), dry.unchanged()))
                .isEqualTo(List.of(1, 1, 1));
        assertThat(activated)
                .singleElement()
                .satisfies(it -> assertThat(it.displayName()).isEqualTo("Issifou"));
        assertThat(query("select s.role || ' ' || s.address from address s join person p using (account_id)"
                        + " where registration_number = '1'"))
                .as("another name keeps the address, unless the file gives one")
                .containsExactly("primary ama.nom1@gouv.tg");
    }

    @Test
    void killedAfterAnyBatchAndRunAgainGivesTheSameEndState() {
        String file = people(40) + "900;Kofi;Mensah;budget;;;ama.nom1-2@gouv.tg;\n" + "901;Ama;Nom1;budget;;;;\n";
        try (Database other = Databases.open(
                        TestDatabase.settings(TestDatabase.url(database), TestDatabase.password()), folder);
                Directories small = withBatchesOf(other, 10)) {
            UUID first = run(small, file, new Heard(), false).id().orElseThrow();
            List<String> whole = export();
            small.imports().undo(first);
            for (int killedAt = 0; killedAt < 5; killedAt++) {
                look.autoCommit(c -> Sql.update(c, "truncate import cascade"));
                int last = killedAt;
                assertThatThrownBy(() -> run(
                                small,
                                file,
                                new Heard() {
                                    @Override
                                    public void at(long done, long of) {
                                        if (done == last * 10L) {
                                            throw new Killed();
                                        }
                                    }
                                },
                                false))
                        .isInstanceOf(Killed.class);
                assertThat(count("select count(*)::text from person where registration_number is not null"))
                        .isEqualTo(last * 10L);
                Report rest = run(small, file, new Heard(), false);
                assertThat(rest.resumed()).isTrue();
                assertThat(export()).as("killed after " + killedAt).isEqualTo(whole);
                assertThat(small.imports().list(10)).singleElement().satisfies(it -> {
                    assertThat(it.state()).isEqualTo("done");
                    assertThat(it.made()).isEqualTo(42);
                });
                assertThat(small.imports().undo(rest.id().orElseThrow())).isEqualTo(42);
                assertThat(export()).hasSize(1);
            }
        }
    }

    private static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    @Test
    void undoGivesBackWhatWasByteForByte() {
        run(people(200), new Heard());
        provisioning.alias(new AccountId(accountOf("3")), MailAddress.of("trois@gouv.tg"));
        List<String> before = export();
        List<String> rows = rows();
        pass(Duration.ofHours(1));
        Report report = run(
                HEADER + "1;Afi;Ayité;energie;-;en;afi@gouv.tg;\n2;;;;directeur-budget=2020-01-01/2030-01-01;;;\n"
                        + "3;;;;;;trois@gouv.tg;suspended\n5000;Nouveau;Venu;budget;agent-budget;;;\n",
                new Heard());
        assertThat(report.changed()).isEqualTo(3);
        assertThat(export()).isNotEqualTo(before);
        UUID id = report.id().orElseThrow();
        assertThat(directories.imports().undo(id)).isEqualTo(4);
        assertThat(export()).isEqualTo(before);
        assertThat(rows()).isEqualTo(rows);
        assertRefused(Reason.ALREADY_UNDONE, () -> directories.imports().undo(id));
        assertRefused(Reason.UNKNOWN_IMPORT, () -> directories.imports().undo(UUID.randomUUID()));
    }

    @Test
    void undoIsRefusedWhenSomebodyChangedTheSamePeopleAndNamesThem() {
        UUID id = run(people(20), new Heard()).id().orElseThrow();
        List<String> before = export();
        provisioning.alias(new AccountId(accountOf("7")), MailAddress.of("sept@gouv.tg"));
        assertThatThrownBy(() -> directories.imports().undo(id))
                .isInstanceOfSatisfying(
                        ImportRefused.class,
                        it -> assertThat(it.sentence(Locale.FRENCH)).contains("7 Ama Nom7"));
        assertThat(export()).hasSameSizeAs(before);
        UUID granted =
                run(HEADER + "700;Ama;Permise;budget;;;;\n", new Heard()).id().orElseThrow();
        provisioning.grant(new Grant(
                new Grant.OfAccount(new AccountId(accountOf("700"))),
                Set.of(Right.PEOPLE),
                Optional.of(SmallState.ENERGY),
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty()));
        assertThatThrownBy(() -> directories.imports().undo(granted))
                .isInstanceOfSatisfying(
                        ImportRefused.class,
                        it -> assertThat(it.sentence(Locale.FRENCH)).contains("700 Ama Permise"));
        UUID active = run(HEADER + "800;Ama;Active;budget;;;;active\n", new Heard())
                .id()
                .orElseThrow();
        assertRefused(Reason.ACTIVE_SINCE, () -> directories.imports().undo(active));
    }

    @Test
    void moreThanTwoInAHundredAreNotRenamedOrRemovedUnlessTold() {
        run(people(100), new Heard());
        String file = HEADER
                + IntStream.range(0, 6).mapToObj(i -> i + ";;Autre;;;;;\n").collect(Collectors.joining());
        List<String> before = export();
        assertRefused(Reason.TOO_MUCH, () -> run(file, new Heard()));
        assertThat(export()).isEqualTo(before);
        assertThat(order(directories, file, new Heard(), false, false, true).changed())
                .isEqualTo(6);
        assertThat(run(HEADER + "50;;Autre;;;;;\n", new Heard()).changed()).isEqualTo(1);
    }

    @Test
    void whatIsWrongWithTheDirectoryIsToldWithTheOtherConcerned() {
        run(people(3), new Heard());
        Heard heard = new Heard();
        run(
                HEADER
                        + "10;Koffi;A;budget;;;x@gouv.tg;\n11;Koffi;B;budget;;;x@gouv.tg;\n12;K;C;budget;;;kofi.mensah@gouv.tg;\n"
                        + "13;K;D;budget;;;k@ailleurs.tg;\n14;K;E;budget;inconnu;;;\n15;;;budget;;;;\n16;علي;محمد;budget;;;;\n"
                        + "17;Kofi;Mensah;budget;;;;\n1;;;;;;;created\n18;Kofi;MENSAH;energie;;;;\n0;;;;;;;closed\n0;;;;;;;\n",
                heard);
        assertThat(heard.problems)
                .containsExactly(
                        "ligne 3, colonne adresse : l'adresse x@gouv.tg est déjà dans ce fichier. (voir la ligne 2)",
                        "ligne 4, colonne adresse : l'adresse kofi.mensah@gouv.tg est déjà celle de Kofi Mensah.",
                        "ligne 5, colonne adresse : le domaine ailleurs.tg n'est pas des nôtres.",
                        "ligne 6, colonne poste : aucun poste n'a le code « inconnu ».",
                        "ligne 7, colonne nom : une nouvelle personne a au moins un nom.",
                        "ligne 8, colonne nom : aucune adresse ne peut être faite de « علي محمد » : donnez-en une.",
                        "ligne 9, colonne nom : Kofi Mensah est peut-être la même personne que ? : mêmes noms, même entité.",
                        "ligne 11, colonne nom : Kofi MENSAH a un homonyme : ?.",
                        "ligne 13, colonne matricule : le matricule 0 est déjà dans ce fichier. (voir la ligne 12)");
        assertThat(query("select address from address where address like 'kofi.mensah%' order by 1"))
                .containsExactly("kofi.mensah2@gouv.tg", "kofi.mensah3@gouv.tg", "kofi.mensah@gouv.tg");
    }

    @Test
    void ofTwoImportsAtOnceTheSecondIsTold() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Report> first = threads.submit(() -> run(people(20), new Heard() {
                @Override
                public void at(long done, long of) {
                    inside.countDown();
                    try {
                        go.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                }
            }));
            inside.await();
            try {
                assertThatThrownBy(() -> run(people(20), new Heard()))
                        .isInstanceOfSatisfying(ImportRefused.class, it -> {
                            assertThat(it.reason()).isEqualTo(Reason.UNDER_WAY);
                            assertThat(it.sentence(Locale.FRENCH)).contains("« people.csv », de program, depuis 2026-");
                        });
                assertThat(directories.imports().list(5).getFirst().state()).isEqualTo("running");
            } finally {
                go.countDown();
            }
            assertThat(first.get().made()).isEqualTo(20);
        }
        assertThat(run(people(20), new Heard()).unchanged()).isEqualTo(20);
    }

    @Test
    void whoIsChangedWhileTheImportRunsIsPlannedAnew() {
        run(people(20), new Heard());
        String file = HEADER + "3;;;energie;;;;\n";
        List<Boolean> once = new ArrayList<>();
        Report report = run(file, new Heard() {
            @Override
            public void at(long done, long of) {
                if (once.isEmpty()) {
                    once.add(true);
                    try {
                        Thread.ofVirtual()
                                .start(() -> provisioning.state(new AccountId(accountOf("3")), Account.State.CLOSED))
                                .join();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                }
            }
        });
        assertThat(report.changed()).isEqualTo(1);
        assertThat(query(
                        "select a.state || ' ' || e.code from account a join person p on p.account_id = a.id join entity e"
                                + " on e.id = p.entity_id where registration_number = '3'"))
                .containsExactly("closed energie");
    }

    @Test
    void anImportIsWhoseItWasAskedForAndThePersonIsFound() {
        Circumstances.ofSystemUser("root", clock).run(() -> run(people(1), new Heard()));
        assertThat(trail.events())
                .hasSize(4)
                .allMatch(it -> it.circumstances().actor().text().equals("system-user:root"));
        assertThat(directories.imports().list(1).getFirst().askedBy()).isEqualTo("system-user:root");
    }

    private Directories withBatchesOf(Database other, int rows) {
        DirectorySettings usual = settings();
        return Directories.open(
                other,
                new DirectorySettings(
                        usual.connectionsMax(),
                        usual.provisioningConnectionsMax(),
                        usual.activationCodeFor(),
                        usual.apiTokenFor(),
                        usual.signIn(),
                        new ImportSettings(usual.imports().fileMax(), 1_000, rows),
                        usual.letters()),
                folder,
                trail,
                (_, heard) -> activated.addAll(heard),
                clock,
                new SecureRandom());
    }

    private static String people(int count) {
        return HEADER
                + IntStream.range(0, count)
                        .mapToObj(i -> i + ";Ama;Nom" + i + ";budget;agent-budget;fr;;\n")
                        .collect(Collectors.joining());
    }

    private Report run(String file, Heard heard) {
        return run(directories, file, heard, false);
    }

    private Report run(String file, Heard heard, boolean dry, boolean force) {
        return order(directories, file, heard, dry, false, force);
    }

    private static Report run(Directories directories, String file, Heard heard, boolean dry) {
        return order(directories, file, heard, dry, false, false);
    }

    private static Report order(
            Directories directories, String file, Heard heard, boolean dry, boolean activate, boolean force) {
        try {
            return directories
                    .imports()
                    .run(
                            new Imports.Order("people.csv", RULES, dry, activate, force, Locale.FRENCH),
                            new ByteArrayInputStream(file.getBytes(UTF_8)),
                            heard);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> export() {
        List<String> lines = new ArrayList<>();
        directories.imports().export(Imports.Kind.PEOPLE, lines::add);
        return lines;
    }

    /** Every row that an import can change. */
    private List<String> rows() {
        return List.of("person", "address", "assignment", "credential").stream()
                .flatMap(table -> query("select t::text from " + table + " t order by 1").stream())
                .toList();
    }

    private UUID accountOf(String number) {
        return UUID.fromString(query("select account_id::text from person where registration_number = '" + number + "'")
                .getFirst());
    }

    private long count(String sql) {
        return Long.parseLong(query(sql).getFirst());
    }

    private static void assertRefused(Reason reason, Runnable act) {
        assertThatThrownBy(act::run)
                .isInstanceOfSatisfying(
                        ImportRefused.class, it -> assertThat(it.reason()).isEqualTo(reason));
    }

    @Test
    void whatAnotherDirectoryExportedGoesTheSameWay() {
        String ldif = """
                dn: ou=people,dc=gouv,dc=tg
                objectClass: organizationalUnit
                ou: people

                dn: uid=afi,ou=people,dc=gouv,dc=tg
                objectClass: inetOrgPerson
                employeeNumber: L-1
                sn:: QXlpdMOp
                givenName: Afi
                departmentNumber: budget
                gouvPositionDN: cn=agent-budget,ou=positions,dc=gouv,dc=tg
                mail: afi.ayite@gouv.tg
                gouvMailAlternateAddress: afi@gouv.tg
                userPassword: {CRYPT}$6$salt$%s

                dn: uid=ama,ou=people,dc=gouv,dc=tg
                objectClass: inetOrgPerson
                employeeNumber: L-2
                sn: Lawson
                departmentNumber: nulle-part

                """.formatted("a".repeat(86));
        List<String> before = rows();
        Heard dry = new Heard();
        assertThat(run(ldif, dry, true, false).made()).isEqualTo(1);
        assertThat(dry.changes).singleElement().asString().contains("ligne 5", "L-1", "afi.ayite@gouv.tg");
        assertThat(rows()).isEqualTo(before);

        Heard heard = new Heard();
        Report report = run(ldif, heard);
        assertThat(report.made()).isEqualTo(1);
        assertThat(report.refused()).isEqualTo(1);
        assertThat(heard.problems)
                .containsExactly(
                        "ligne 1, attribut objectClass : entrées qui ne sont pas des personnes, et n'ont pas été lues : 1."
                                + " La première est ici.",
                        "ligne 16, attribut departmentNumber : aucune entité n'a le code « nulle-part ».");
        assertThat(query("select hash from credential where account_id = '" + accountOf("L-1") + "'"))
                .singleElement()
                .asString()
                .startsWith("{CRYPT}$6$salt$");
        assertThat(run(ldif, new Heard()).unchanged()).isEqualTo(1);

        String corrected = String.join("", heard.refused).replace("nulle-part;", "budget;");
        assertThat(run(corrected, new Heard()).made()).as(corrected).isEqualTo(1);
        assertThat(directories.imports().undo(report.id().orElseThrow())).isEqualTo(1);
        assertThat(query("select 1::text from person where registration_number = 'L-1'"))
                .isEmpty();
    }

    static class Heard implements Imports.Watch {
        final List<String> changes = new ArrayList<>();
        final List<String> problems = new ArrayList<>();
        final List<String> refused = new ArrayList<>();

        @Override
        public void at(long done, long of) {}

        @Override
        public void change(String sentence) {
            changes.add(sentence);
        }

        @Override
        public void problem(Problem problem, String sentence) {
            problems.add(sentence);
        }

        @Override
        public void refused(String line) {
            refused.add(line);
        }
    }
}
