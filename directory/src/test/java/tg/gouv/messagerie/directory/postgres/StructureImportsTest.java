package tg.gouv.messagerie.directory.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.imports.ImportRefused;
import tg.gouv.messagerie.directory.imports.Imports;
import tg.gouv.messagerie.directory.imports.Imports.Report;
import tg.gouv.messagerie.directory.imports.Mapping;
import tg.gouv.messagerie.directory.imports.Template;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused;
import tg.gouv.messagerie.directory.rights.Grant;
import tg.gouv.messagerie.directory.rights.Right;
import tg.gouv.messagerie.platform.audit.Actor;
import tg.gouv.messagerie.platform.audit.Circumstances;
import tg.gouv.messagerie.platform.audit.Origin;
import tg.gouv.messagerie.platform.database.Sql;

/** Files of entities and positions, in the real tables. */
class StructureImportsTest extends DirectoryTest {
    private static final String TREE = """
            code;nom;parent;regle
            daf;Direction des affaires financières;finances;
            finances;Ministère des Finances;;{given}.{family}@gouv.tg
            solde;Service de la solde;daf;
            """;

    @BeforeEach
    void state() {
        look.autoCommit(c -> Sql.update(c, "truncate import cascade"));
        provisioning.apply(SmallState.state(Map.of()));
        trail.events().clear();
    }

    private Report run(String file, ImportsTest.Heard heard, boolean dryRun) {
        try {
            return directories
                    .imports()
                    .run(
                            new Imports.Order("s.csv", Mapping.none(), dryRun, false, false, Locale.FRENCH),
                            new ByteArrayInputStream(file.getBytes(UTF_8)),
                            heard);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Report run(String file) {
        return run(file, new ImportsTest.Heard(), false);
    }

    private List<String> structure() {
        return query("""
                select concat_ws('|', e.code, e.name, p.code, r.rule) from entity e left join entity p on p.id = e.parent_id
                    left join address_rule r on r.entity_id = e.id
                union all select concat_ws('|', o.code, o.title, e.code) from position o join entity e on e.id = o.entity_id
                union all select concat_ws('|', dn, attrs::text) from ldap_entry where source in ('entity', 'position')
                order by 1
                """);
    }

    @Test
    void entitiesInAnyOrderGoInTheirRulesMakeAddressesAndTheSameFileChangesNothing() {
        ImportsTest.Heard heard = new ImportsTest.Heard();
        List<String> before = structure();
        assertThat(run(TREE, heard, true).made()).isEqualTo(3);
        assertThat(heard.changes).hasSize(3).first().asString().contains("finances : nouveau");
        assertThat(structure()).as("a dry run writes nothing").isEqualTo(before);

        Report report = run(TREE);
        assertThat(List.of(report.made(), report.changed(), report.refused())).isEqualTo(List.of(3, 0, 0));
        assertThat(report.kind()).isEqualTo(Imports.Kind.ENTITIES);
        Report again = run(TREE);
        assertThat(again.id()).isEmpty();
        assertThat(again.unchanged()).isEqualTo(3);

        assertThat(run("code;intitule;entite\nagent-solde;Agent de la solde;solde\n")
                        .made())
                .isEqualTo(1);
        assertThat(run("matricule;prenoms;nom;entite;poste\n1;Afi;d'Almeida;solde;agent-solde\n")
                        .made())
                .isEqualTo(1);
        assertThat(query("select d.address from address d join person p using (account_id)"
                        + " where registration_number = '1'"))
                .as("by the rule of the ministry")
                .containsExactly("afi.dalmeida@gouv.tg");
    }

    @Test
    void whatIsWrongIsToldWithItsPlaceAndTheRestGoesIn() {
        ImportsTest.Heard heard = new ImportsTest.Heard();
        Report report = run("""
                code;nom;parent;regle
                a;A;c;
                b;B;a;
                c;C;b;
                Majuscule;M;;
                d;D;nulle-part;
                e;E;d;
                f;;;
                g;G;energie;{given}@example.com
                h;H;energie;sans-nom@gouv.tg
                i;=cmd();energie;
                j;J;energie;
                j;J encore;energie;
                energie;;budget;
                """, heard, false);
        assertThat(heard.problems)
                .hasSize(12)
                .allMatch(it -> it.matches("ligne \\d+, colonne \\w+ : .*"))
                .anyMatch(it -> it.equals("ligne 14, colonne parent : l'entité energie serait une partie d'elle-même."))
                .anyMatch(it ->
                        it.equals("ligne 13, colonne code : le code j est déjà dans ce fichier. (voir la ligne 12)"))
                .anyMatch(it -> it.equals("ligne 7, colonne parent : aucune entité n'a le code « d »."));
        assertThat(report.made()).isEqualTo(1);
        assertThat(heard.refused).hasSize(13).anyMatch(it -> it.startsWith("i;'=cmd();energie;"));
    }

    @Test
    void twoThatChangePlacesDo() {
        run(TREE);
        assertThat(run("code;nom;parent\ndaf;;solde\nsolde;;finances\n").changed())
                .isEqualTo(2);
        assertThat(query("select p.code from entity e join entity p on p.id = e.parent_id where e.code = 'daf'"))
                .containsExactly("solde");
    }

    @Test
    void undoGivesBackWhatWasAndIsRefusedWhileSomethingHangsOnIt() {
        List<String> before = structure();
        UUID tree = run(TREE + "energie;Énergie et mines;finances;{family}@gouv.tg\n")
                .id()
                .orElseThrow();
        UUID positions = run("code;intitule;entite\nagent-solde;Agent de la solde;solde\nagent-budget;Agent;solde\n")
                .id()
                .orElseThrow();
        assertThatThrownBy(() -> directories.imports().undo(tree))
                .isInstanceOfSatisfying(
                        ImportRefused.class, it -> assertThat(it.reason()).isEqualTo(ImportRefused.Reason.IN_USE));
        assertThat(directories.imports().undo(positions)).isEqualTo(2);
        assertThat(directories.imports().undo(tree)).isEqualTo(4);
        assertThat(structure()).isEqualTo(before);
    }

    @Test
    void whoHasNoRightThereImportsNothing() {
        AccountId kofi = account(SmallState.KOFI).id();
        provisioning.grant(new Grant(
                new Grant.OfAccount(kofi),
                Set.of(Right.STRUCTURE),
                Optional.of(SmallState.ENERGY),
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty()));
        assertThat(as(kofi, "code;nom;parent\nmines;Mines;energie\n")).isEqualTo(1);
        List<String> before = structure();
        assertThatThrownBy(() -> as(kofi, "code;nom;parent\nmines;Mines d'or;energie\nfinances;Finances;\n"))
                .isInstanceOf(ProvisioningRefused.class);
        assertThat(as(kofi, "matricule;nom;entite;adresse\n1;Afi;energie;afi@gouv.tg\n"))
                .as("a right on the structure is none on people")
                .isZero();
        assertThat(structure()).isEqualTo(before);
    }

    private int as(AccountId account, String file) {
        int[] made = new int[1];
        new Circumstances(clock.instant(), new Actor.Account(account.value()), Optional.empty(), new Origin.Here())
                .run(() -> made[0] = run(file).made());
        return made[0];
    }

    @Test
    void whatIsExportedChangesNothingWhenItIsImported() {
        run(TREE + "bizarre;\"'=cmd() \"\"et\"\"; autre\";daf;\nquote;''-1+1;daf;\n");
        run("code;intitule;entite\nsolde-chef;Chef, dit « le chef »;solde\n");
        for (Imports.Kind kind : List.of(Imports.Kind.ENTITIES, Imports.Kind.POSITIONS)) {
            List<String> lines = new ArrayList<>();
            long count = directories.imports().export(kind, lines::add);
            assertThat(lines).hasSize((int) count + 1);
            List<String> before = structure();
            Report report = run(String.join("", lines));
            assertThat(report.unchanged()).isEqualTo((int) count);
            assertThat(report.made() + report.changed() + report.refused()).isZero();
            assertThat(structure()).isEqualTo(before);
        }
        assertThat(query("select name from entity where code in ('bizarre', 'quote') order by code"))
                .containsExactly("=cmd() \"et\"; autre", "'-1+1");
        assertThat(trail.events())
                .filteredOn(it -> it.act().equals("directory-export"))
                .extracting(it -> it.subject().id())
                .containsExactly("entities", "positions");
    }

    @Test
    void aTemplateIsAFileOfWhichNothingIsImportedUntilItIsFilledIn() {
        for (Imports.Kind kind : Imports.Kind.values()) {
            for (Locale language : List.of(Locale.FRENCH, Locale.ENGLISH)) {
                String template = Template.of(kind, language);
                assertThat(template.lines()).hasSize(3);
                ImportsTest.Heard heard = new ImportsTest.Heard();
                Report report = run(template, heard, false);
                assertThat(report.kind()).isEqualTo(kind);
                assertThat(report.rows()).isZero();
                assertThat(heard.problems).isEmpty();
            }
        }
        provisioning.domain("finances.gouv.tg");
        String entities = Template.of(Imports.Kind.ENTITIES, Locale.FRENCH)
                .replace("# direction-du-budget", "direction-du-budget");
        assertThat(run("code;nom\nfinances;Finances\n").made()).isEqualTo(1);
        assertThat(run(entities).made()).isEqualTo(1);
        String positions =
                Template.of(Imports.Kind.POSITIONS, Locale.FRENCH).replace("# chef-de-la-solde", "chef-de-la-solde");
        assertThat(run(positions).made()).isEqualTo(1);
        ImportsTest.Heard heard = new ImportsTest.Heard();
        Report people =
                run(Template.of(Imports.Kind.PEOPLE, Locale.FRENCH).replace("# 042137-K", "042137-K"), heard, false);
        assertThat(people.made()).as(heard.problems::toString).isEqualTo(1);
    }
}
