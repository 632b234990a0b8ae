package tg.gouv.messagerie.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.GroupCode;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.MailingLists;
import tg.gouv.messagerie.directory.PositionCode;
import tg.gouv.messagerie.directory.provisioning.Group;
import tg.gouv.messagerie.directory.provisioning.Member;
import tg.gouv.messagerie.directory.provisioning.Position;

/** Groups and mailing lists on pages, for focal points of two ministries. */
class GroupPagesTest {
    private static final String NEW = "/gestion/groupes/nouveau";

    @TempDir
    private static Path folder;

    private static TwoMinistries state;

    @BeforeAll
    static void start() throws Exception {
        state = new TwoMinistries(folder);
        state.person("ama", "Ama <b>", "Sossou", "sante");
        state.person("yao", "Yao", "Amegan", "sante");
    }

    @AfterAll
    static void stop() {
        state.close();
    }

    private static Group made(String code, String entity, Member... members) {
        Group group = new Group(new GroupCode(code), "Groupe " + code, new EntityCode(entity), Set.of(members));
        state.program().provisioning().group(group);
        return group;
    }

    private static Set<Member> members(String code) {
        return state.program()
                .register()
                .group(new GroupCode(code))
                .orElseThrow()
                .members();
    }

    private static Member account(String local) {
        return new Member.OfAccount(MailAddress.of(local + "@gouv.tg"));
    }

    @Test
    void findsGroupsByTheBeginningsOfWordsWhereThereAreManyAndOnlyOnesOwn() {
        String list = "/gestion/groupes";
        for (int i = 0; i < 60; i++) {
            made("garde-%02d".formatted(i), "sante.sud");
        }
        made("tresorerie", "finances");
        state.program()
                .provisioning()
                .group(new Group(
                        new GroupCode("zz.urgence"), "Équipe <b> d'Évacuation", new EntityCode("sante"), Set.of()));
        try (TextBrowser browser = state.signedIn("focal")) {
            browser.go(list);
            assertThat(browser.page().select("form[role=search] input[name=q]")).hasSize(1);
            for (String text : List.of("evacu", "ÉQUIPE", "urgence", "zz.urg", "evac zz")) {
                browser.go(list + "?q=" + URLEncoder.encode(text, StandardCharsets.UTF_8));
                assertThat(browser.page().select("tbody th").eachText())
                        .as(text)
                        .containsExactly("Équipe <b> d'Évacuation");
            }
            assertThat(browser.go(list + "?q=tresor").text()).contains("Rien de tel dans ce que vous administrez.");
            assertThat(browser.go(list + "?q=acuation").page().select("tbody th"))
                    .isEmpty();
            assertThat(browser.go(list + "?q=%26%23").status()).isEqualTo(422);
            Set<String> found = new TreeSet<>();
            browser.go(list + "?q=garde+groupe");
            for (int pages = 1; pages <= 3; pages++) {
                found.addAll(browser.page().select("tbody th").eachText());
                if (pages < 3) {
                    browser.go(
                            browser.page().select("main > p > a[href*=apres]").attr("href"));
                }
            }
            assertThat(found).hasSize(60);
            assertThat(browser.page().select("main > p > a[href*=apres]")).isEmpty();
            assertThat(browser.page().select("input[name=q]").attr("value")).isEqualTo("garde groupe");
        }
        try (TextBrowser browser = state.signedIn("autre")) {
            assertThat(browser.go(list + "?q=garde").page().select("tbody th")).isEmpty();
        }
    }

    @Test
    void makesAGroupWithAShortNameOfItsOwn() {
        try (TextBrowser browser = state.signedIn("focal")) {
            browser.go("/gestion/groupes");
            assertThat(browser.status()).isEqualTo(200);
            browser.go(NEW).send(NEW, Map.of("nom", "Médecins <b> d'État", "service", "sante"));
            assertThat(browser.text()).contains("medecins-b-d-etat", "Médecins <b> d'État");
            assertThat(browser.page().select("main b")).isEmpty();
            String token = browser.token();
            browser.send(NEW, Map.of("faire", "oui"));
            assertThat(browser.place()).isEqualTo("/gestion/groupes/medecins-b-d-etat?fait=made");
            browser.post(
                    NEW,
                    Map.of(
                            "jeton", List.of(token),
                            "nom", List.of("Médecins <b> d'État"),
                            "service", List.of("sante"),
                            "faire", List.of("oui")));
            assertThat(browser.place()).isEqualTo("/gestion/groupes/medecins-b-d-etat?fait=made");
            browser.go(NEW).send(NEW, Map.of("nom", "Autre", "code", "medecins-b-d-etat", "service", "sante"));
            assertThat(browser.status()).isEqualTo(422);
            for (Map<String, String> wrong : List.of(
                    Map.of("nom", "", "service", "sante"),
                    Map.of("nom", "שלום", "service", "sante"),
                    Map.of("nom", "A", "code", "Pas Un Code", "service", "sante"),
                    Map.of("nom", "A", "service", "finances"))) {
                browser.go(NEW).send(NEW, wrong);
                assertThat(browser.status()).as("%s", wrong).isEqualTo(422);
            }
        }
    }

    @Test
    void addsSeveralAddressesAtOnceAndTellsEachWrongLine() {
        made("lignes", "sante");
        String act = "/gestion/groupes/lignes/ajouter";
        try (TextBrowser browser = state.signedIn("focal")) {
            browser.go(act).send(act, Map.of("adresses", "ama@gouv.tg\r\npas une adresse <i>\r\n\r\nnul@gouv.tg"));
            assertThat(browser.status()).isEqualTo(422);
            assertThat(browser.text())
                    .contains("Ligne 2 : « pas une adresse <i> »", "Ligne 4 : personne n'a l'adresse « nul@gouv.tg »");
            browser.send(act, Map.of("adresses", "ama@gouv.tg\r\nYAO@gouv.tg"));
            assertThat(browser.text()).contains("Ama <b> Sossou (ama@gouv.tg) entre dans le groupe.");
            assertThat(members("lignes")).isEmpty();
            browser.send(act, Map.of("faire", "oui"));
            assertThat(members("lignes")).containsExactlyInAnyOrder(account("ama"), account("yao"));
            assertThat(browser.text()).contains("C'est fait");
            TestProgram.await(
                    "the group has its members",
                    () -> browser.go("/gestion/groupes/lignes").text().contains("Ama <b> Sossou – ama@gouv.tg"));
            browser.go(act).send(act, Map.of("adresses", "ama@gouv.tg"));
            assertThat(browser.text()).contains("Rien ne changera");
            String remove = "/gestion/groupes/lignes/retirer";
            browser.go(remove).send(remove, Map.of("adresses", "ama@gouv.tg")).send(remove, Map.of("faire", "oui"));
            assertThat(members("lignes")).containsExactly(account("yao"));
            browser.go(remove).send(remove, Map.of("adresses", "ama@gouv.tg"));
            assertThat(browser.status()).isEqualTo(422);
        }
    }

    @Test
    void positionsRulesAndGroupsAreChosenAndRemovedByTicking() {
        made("inner", "sante");
        made("choix", "sante");
        state.program()
                .provisioning()
                .position(new Position(new PositionCode("chef"), "Chef <i>", new EntityCode("sante")));
        try (TextBrowser browser = state.signedIn("focal")) {
            String place = "/gestion/groupes/choix";
            String position = place + "/ajouter-poste";
            browser.go(position).send(position, Map.of("poste", "chef"));
            assertThat(browser.text()).contains("Qui occupe le poste « Chef <i> »");
            browser.send(position, Map.of("faire", "oui"));
            String rule = place + "/ajouter-regle";
            browser.go(rule).send(rule, Map.of("service", "sante.sud", "langue", "fr", "titre", "méd"));
            assertThat(browser.text()).contains("Santé Sud", "qui lisent le français", "« méd »");
            browser.send(rule, Map.of("faire", "oui"));
            browser.go(rule).send(rule, Map.of("service", "finances", "langue", ""));
            assertThat(browser.status()).isEqualTo(422);
            browser.go(rule).send(rule, Map.of("service", "sante", "langue", "xx"));
            assertThat(browser.status()).isEqualTo(422);
            String inner = place + "/ajouter-groupe";
            browser.go(inner).send(inner, Map.of("groupe", "inner")).send(inner, Map.of("faire", "oui"));
            assertThat(members("choix")).hasSize(3);
            String remove = place + "/retirer";
            browser.go(remove);
            assertThat(browser.page().select("input[type=checkbox]")).hasSize(3);
            browser.send(remove, Map.of("autres", "position:chef")).send(remove, Map.of("faire", "oui"));
            assertThat(members("choix")).hasSize(2);
        }
    }

    @Test
    void aListIsMadeChangedAndClosedAndTheSecondOfTwoTabsIsToldSo() {
        made("liste", "sante");
        String act = "/gestion/groupes/liste/liste";
        try (TextBrowser one = state.signedIn("focal");
                TextBrowser other = state.signedIn("focal")) {
            one.go(act).send(act, Map.of("adresse", "tous.sante@gouv.tg", "ecrit", "members"));
            assertThat(one.text()).contains("Les membres du groupe", "tous.sante@gouv.tg", "focal@gouv.tg");
            one.send(act, Map.of("faire", "oui"));
            assertThat(writers()).contains(MailingLists.Writers.MEMBERS);
            one.go(act).send(act, Map.of("ecrit", "anyone"));
            other.go(act).send(act, Map.of("ecrit", "state"));
            one.send(act, Map.of("faire", "oui"));
            other.send(act, Map.of("faire", "oui"));
            assertThat(other.status()).isEqualTo(422);
            assertThat(writers()).contains(MailingLists.Writers.ANYONE);
            String remove = "/gestion/groupes/liste/supprimer";
            one.go(remove).send(remove, Map.of());
            assertThat(one.status()).isEqualTo(422);
            assertThat(one.text()).contains("tous.sante@gouv.tg");
            String close = "/gestion/groupes/liste/fermer-liste";
            one.go(close).send(close, Map.of()).send(close, Map.of("faire", "oui"));
            assertThat(writers()).isEmpty();
            one.go(remove).send(remove, Map.of()).send(remove, Map.of("faire", "oui"));
            assertThat(one.place()).isEqualTo("/gestion/groupes?fait=removed");
        }
    }

    private static Optional<MailingLists.Writers> writers() {
        return state.program()
                .register()
                .mailingList(MailAddress.of("tous.sante@gouv.tg"))
                .map(it -> it.writers());
    }

    @Test
    void twoTabsThatAddDifferentPeopleBothAdd() {
        made("onglets", "sante");
        String act = "/gestion/groupes/onglets/ajouter";
        try (TextBrowser one = state.signedIn("focal");
                TextBrowser other = state.signedIn("focal")) {
            one.go(act).send(act, Map.of("adresses", "ama@gouv.tg"));
            other.go(act).send(act, Map.of("adresses", "yao@gouv.tg"));
            one.send(act, Map.of("faire", "oui"));
            other.send(act, Map.of("faire", "oui"));
            assertThat(members("onglets")).containsExactlyInAnyOrder(account("ama"), account("yao"));
            String change = "/gestion/groupes/onglets/modifier";
            one.go(change).send(change, Map.of("nom", "Un"));
            other.go(change).send(change, Map.of("nom", "Deux"));
            one.send(change, Map.of("faire", "oui"));
            other.send(change, Map.of("faire", "oui"));
            assertThat(other.status()).isEqualTo(422);
            assertThat(members("onglets")).hasSize(2);
        }
    }

    @Test
    void longListsAreReadPageByPage() {
        for (int i = 0; i < 30; i++) {
            made("page-" + (10 + i), "sante.sud");
        }
        try (TextBrowser browser = state.signedIn("focal")) {
            browser.go("/gestion/groupes?apres=page-");
            assertThat(browser.status()).isEqualTo(422);
            browser.go("/gestion/groupes?apres=page");
            assertThat(browser.page().select("tbody tr")).hasSize(25);
            assertThat(browser.bytesOnTheLine()).isLessThan(8_000);
            browser.go(browser.page().select("main a[href*=apres]").attr("href"));
            assertThat(browser.page().select("tbody tr")).hasSizeGreaterThanOrEqualTo(5);
            assertThat(browser.text()).contains("page-39").doesNotContain("page-10");
        }
    }

    @Test
    void anotherMinistryIsRefusedAndNothingIsChanged() {
        made("prives", "finances", account("autre"));
        try (TextBrowser browser = state.signedIn("focal")) {
            assertThat(browser.go("/gestion/groupes").text()).doesNotContain("prives");
            String token = browser.go("/gestion").token();
            for (String page : List.of(
                    "",
                    "/ajouter",
                    "/ajouter-poste",
                    "/ajouter-regle",
                    "/ajouter-groupe",
                    "/retirer",
                    "/modifier",
                    "/liste",
                    "/fermer-liste",
                    "/supprimer")) {
                browser.go("/gestion/groupes/prives" + page);
                assertThat(browser.status()).as(page).isEqualTo(403);
                assertThat(browser.text()).as(page).doesNotContain("Groupe prives", "autre@gouv.tg");
                browser.go("/gestion/groupes/inconnu" + page);
                assertThat(browser.status()).as(page).isEqualTo(404);
                if (!page.isEmpty()) {
                    browser.post(
                            "/gestion/groupes/prives" + page,
                            Map.of(
                                    "jeton", List.of(token),
                                    "faire", List.of("oui"),
                                    "adresses", List.of("autre@gouv.tg"),
                                    "nom", List.of("Pris")));
                    assertThat(browser.status()).as(page).isEqualTo(403);
                }
            }
            assertThat(members("prives")).containsExactly(account("autre"));
        }
        try (TextBrowser browser = state.signedIn("simple")) {
            assertThat(browser.go("/gestion/groupes").status()).isEqualTo(403);
            assertThat(browser.go(NEW).status()).isEqualTo(403);
        }
    }
}
