package tg.gouv.messagerie.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.PositionCode;
import tg.gouv.messagerie.directory.provisioning.Assignment;
import tg.gouv.messagerie.directory.provisioning.Position;
import tg.gouv.messagerie.directory.provisioning.Register.Registered;

/** Somebody new, what is changed of a person, and positions that are chosen, for focal points of two ministries. */
class PersonPagesTest {
    private static final String NEW = "/gestion/personnes/nouvelle";

    @TempDir
    private static Path folder;

    private static TwoMinistries state;

    @BeforeAll
    static void start() throws Exception {
        state = new TwoMinistries(folder);
    }

    @AfterAll
    static void stop() {
        state.close();
    }

    @Test
    void makesAPersonWithTheAddressOfTheRuleWhichIsShownFirstAndOffersTheLetter() {
        try (TextBrowser browser = state.signedIn("focal")) {
            browser.go("/gestion");
            assertThat(browser.page().select("a[href=" + NEW + "]")).hasSize(1);
            browser.go(NEW);
            assertThat(browser.page().select("select[name=service] option").eachText())
                    .contains("Santé (sante)")
                    .doesNotContain("Finances (finances)");
            Map<String, String> filled =
                    Map.of("prenoms", "Éyram <b>", "nom", "d'Almeida", "matricule", "A-77/1", "service", "sante");
            browser.send(NEW, filled);
            assertThat(browser.text()).contains("Voici ce qui changera", "eyram-b.dalmeida@gouv.tg", "A-77/1");
            assertThat(browser.page().select("main b")).isEmpty();
            assertThat(person("eyram-b.dalmeida")).isEmpty();
            browser.send(NEW, Map.of("corriger", "oui"));
            assertThat(browser.page().select("input[name=nom]").val()).isEqualTo("d'Almeida");
            browser.send(NEW, Map.of("service", "sante", "adresse", "eyram@gouv.tg"))
                    .send(NEW, Map.of("faire", "oui"));
            assertThat(browser.place()).isEqualTo("/gestion/personnes/eyram@gouv.tg/lettre?fait=made");
            assertThat(browser.text()).contains("Le compte est créé");
            assertThat(person("eyram").orElseThrow().person().entity()).contains(new EntityCode("sante"));
        }
    }

    private static Optional<Registered> person(String local) {
        return state.program().register().person(MailAddress.of(local + "@gouv.tg"));
    }

    @Test
    void aFormThatIsSentTwiceMakesOnePersonAndANumberOrAddressOfSomebodyIsRefused() {
        try (TextBrowser browser = state.signedIn("focal")) {
            Map<String, String> filled =
                    Map.of("prenoms", "Sena", "nom", "Adzo", "matricule", "55", "service", "sante", "faire", "oui");
            browser.go(NEW).send(NEW, Map.of("prenoms", "Sena", "nom", "Adzo", "matricule", "55", "service", "sante"));
            browser.go(NEW).send(NEW, filled);
            assertThat(browser.place()).contains("sena.adzo@gouv.tg");
            browser.go(NEW).send(NEW, with(filled, "adresse", "sena.adzo@gouv.tg"));
            assertThat(browser.place()).contains("sena.adzo@gouv.tg", "fait=made");
            browser.go(NEW).send(NEW, Map.of("prenoms", "Sena", "nom", "Adzo", "service", "sante"));
            assertThat(browser.text())
                    .contains("quelqu'un s'appelle déjà Sena Adzo (sena.adzo@gouv.tg)", "sena.adzo2@gouv.tg");
            browser.go(NEW).send(NEW, with(filled, "nom", "Autre"));
            assertThat(browser.status()).isEqualTo(422);
            assertThat(browser.text()).contains("Le matricule 55 est déjà");
            browser.go(NEW).send(NEW, with(with(filled, "matricule", "56"), "adresse", "sena.adzo@gouv.tg"));
            assertThat(browser.status()).isEqualTo(422);
            assertThat(person("sena.adzo").orElseThrow().person().name().family())
                    .isEqualTo("Adzo");
        }
    }

    private static Map<String, String> with(Map<String, String> filled, String name, String value) {
        Map<String, String> all = new HashMap<>(filled);
        all.put(name, value);
        return Map.copyOf(all);
    }

    @Test
    void whatIsWrongComesBackWithTheFormAndNothingIsMade() {
        try (TextBrowser browser = state.signedIn("focal")) {
            for (Map<String, String> wrong : List.of(
                    Map.of("nom", "", "service", "sante"),
                    Map.of("nom", "\u202eAdzo", "service", "sante"),
                    Map.of("nom", "x".repeat(101), "service", "sante"),
                    Map.of("nom", "Adzo", "service", ""),
                    Map.of("nom", "Adzo", "service", "nulle-part"),
                    Map.of("nom", "Adzo", "service", "sante", "matricule", "55 bis"),
                    Map.of("nom", "Adzo", "service", "sante", "langue", "de"),
                    Map.of("nom", "Adzo", "service", "sante", "adresse", "adzo"),
                    Map.of("nom", "Adzo", "service", "sante", "adresse", "adzo@ailleurs.tg"),
                    Map.of("nom", "שלום", "service", "sante"))) {
                browser.go(NEW).send(NEW, wrong);
                assertThat(browser.status()).as("%s", wrong).isEqualTo(422);
                assertThat(browser.page().select("[role=alert]"))
                        .as("%s", wrong)
                        .isNotEmpty();
            }
            browser.go(NEW).send(NEW, Map.of("nom", "Adzo", "service", "finances", "faire", "oui"));
            assertThat(browser.text()).contains("droit");
            assertThat(person("adzo")).isEmpty();
            browser.go(NEW).send(NEW, Map.of("nom", "e\u0301ta", "service", "sante"));
            assertThat(browser.text()).contains("Un compte est créé pour éta", "eta@gouv.tg");
        }
    }

    @Test
    void changesLanguageAndServiceAndTheSecondOfTwoTabsIsToldSo() {
        state.person("modif", "Modif", "Ier", "sante");
        String act = "/gestion/personnes/modif@gouv.tg/modifier";
        try (TextBrowser one = state.signedIn("focal");
                TextBrowser other = state.signedIn("focal")) {
            one.go(act).send(act, Map.of("langue", "en", "service", "sante"));
            other.go(act).send(act, Map.of("langue", "fr", "service", "sante.sud"));
            assertThat(other.text()).contains("appartient désormais à : Santé Sud");
            one.send(act, Map.of("faire", "oui"));
            assertThat(one.text()).contains("C'est fait");
            other.send(act, Map.of("faire", "oui"));
            assertThat(other.status()).isEqualTo(422);
            assertThat(person("modif").orElseThrow().person().entity()).contains(new EntityCode("sante"));
        }
    }

    @Test
    void addsAndRemovesAddresses() {
        state.person("adr", "Adresses", "Deux", "sante");
        String act = "/gestion/personnes/adr@gouv.tg/adresses";
        try (TextBrowser browser = state.signedIn("focal")) {
            browser.go(act).send(act, Map.of("ajouter", "adr.deux@gouv.tg")).send(act, Map.of("faire", "oui"));
            assertThat(browser.text()).contains("C'est fait", "adr.deux@gouv.tg");
            browser.go(act).send(act, Map.of("ajouter", "x@gouv.tg", "retirer", "adr.deux@gouv.tg"));
            assertThat(browser.status()).isEqualTo(422);
            browser.go(act).send(act, Map.of("retirer", "adr.deux@gouv.tg")).send(act, Map.of("faire", "oui"));
            assertThat(person("adr").orElseThrow().addresses()).hasSize(1);
        }
    }

    @Test
    void positionsAreChosenByTheirTitlesAndChangesAreToldInWords() {
        for (int i = 0; i < 70; i++) {
            state.program()
                    .provisioning()
                    .position(new Position(
                            new PositionCode("infirmier-" + i), "Infirmier " + i, new EntityCode("sante.sud")));
        }
        state.program()
                .provisioning()
                .position(new Position(new PositionCode("dir"), "Directrice <i>", new EntityCode("sante")));
        state.program()
                .provisioning()
                .position(new Position(new PositionCode("percepteur"), "Percepteur", new EntityCode("finances")));
        state.person("poste", "Afi", "Poste", "sante");
        state.person("suivante", "Ama", "Suivante", "sante");
        state.program()
                .provisioning()
                .assignment(new Assignment(MailAddress.of("poste@gouv.tg"), new PositionCode("dir")));
        String act = "/gestion/personnes/poste@gouv.tg/affecter";
        try (TextBrowser browser = state.signedIn("focal")) {
            browser.go(act);
            assertThat(browser.page().select("select[name=prend] option").eachText())
                    .containsExactly("Choisissez…");
            browser.go(act + "?cherche=percept");
            assertThat(browser.text()).contains("Rien de tel");
            browser.go(act + "?cherche=%2A");
            assertThat(browser.status()).isEqualTo(200);
            browser.go(act + "?cherche=INFIRM+69");
            assertThat(browser.page().select("select[name=prend] option").eachText())
                    .containsExactly("Choisissez…", "Infirmier 69 – Santé Sud");
            assertThat(browser.page().select("select[name=quitte] option").eachText())
                    .containsExactly("Tous ses postes", "Directrice <i>");
            browser.send(act, Map.of("prend", "infirmier-69", "quitte", ""));
            assertThat(browser.text())
                    .contains(
                            "Afi Poste quitte le poste « Directrice <i> ».",
                            "Afi Poste prend le poste « Infirmier 69 ».",
                            "Afi Poste appartient désormais à : Santé Sud.");
            browser.go(act).send(act, Map.of("prend", "percepteur", "quitte", "", "faire", "oui"));
            assertThat(browser.status()).isEqualTo(422);
            String handOver = "/gestion/personnes/poste@gouv.tg/remettre";
            browser.go(handOver).send(handOver, Map.of("poste", "dir", "successeur", "suivante@gouv.tg"));
            assertThat(browser.text()).contains("suivante@gouv.tg prend le poste « Directrice <i> ».");
            browser.send(handOver, Map.of("faire", "oui"));
            assertThat(person("suivante").orElseThrow().positions()).containsExactly(new PositionCode("dir"));
            String suspend = "/gestion/personnes/poste@gouv.tg/suspendre";
            browser.go(suspend).send(suspend, Map.of());
            assertThat(browser.text())
                    .contains("Afi Poste ne peut plus entrer.")
                    .doesNotContain("suspended");
        }
    }

    @Test
    void anotherMinistryIsRefusedAndNothingIsChanged() {
        state.person("voisin", "Voisin", "Ier", "finances");
        try (TextBrowser browser = state.signedIn("focal")) {
            String token = browser.go("/gestion").token();
            for (String act : List.of("modifier", "adresses")) {
                String place = "/gestion/personnes/voisin@gouv.tg/" + act;
                browser.go(place);
                assertThat(browser.status()).as(act).isEqualTo(403);
                browser.post(
                        place,
                        Map.of(
                                "jeton", List.of(token),
                                "faire", List.of("oui"),
                                "langue", List.of("en"),
                                "service", List.of("sante"),
                                "ajouter", List.of("vol@gouv.tg")));
                assertThat(browser.status()).as(act).isEqualTo(403);
                browser.go("/gestion/personnes/personne@gouv.tg/" + act);
                assertThat(browser.status()).as(act).isEqualTo(404);
            }
            assertThat(person("voisin").orElseThrow().addresses()).hasSize(1);
        }
        try (TextBrowser browser = state.signedIn("simple")) {
            browser.go(NEW);
            assertThat(browser.status()).isEqualTo(403);
        }
    }
}
