package tg.gouv.messagerie.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.FunctionAccess;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.PositionCode;
import tg.gouv.messagerie.directory.provisioning.FunctionMailbox;
import tg.gouv.messagerie.directory.provisioning.Position;

/** Function mailboxes, rooms and equipment on pages, for focal points of two ministries. */
class MailboxPagesTest {
    @TempDir
    private static Path folder;

    private static TwoMinistries state;

    @BeforeAll
    static void start() throws Exception {
        state = new TwoMinistries(folder);
        position("ministre", "Ministre <b>", "sante");
        position("secretaire", "Secrétaire", "sante");
        position("tresorier", "Trésorier", "finances");
        state.person("afi", "Afi", "Kossi", "sante");
    }

    @AfterAll
    static void stop() {
        state.close();
    }

    private static void position(String code, String title, String entity) {
        state.program().provisioning().position(new Position(new PositionCode(code), title, new EntityCode(entity)));
    }

    private static FunctionMailbox mailbox(String local) {
        return state.program()
                .register()
                .functionMailbox(MailAddress.of(local + "@gouv.tg"))
                .orElseThrow();
    }

    @Test
    void makesAMailboxOfAPositionAndGivesAPersonAccessUntilADay() {
        String make = "/gestion/boites/nouvelle/poste";
        try (TextBrowser browser = state.signedIn("focal")) {
            browser.go("/gestion/boites").go(make);
            assertThat(browser.page().select("select[name=poste] option").eachAttr("value"))
                    .contains("ministre", "secretaire")
                    .doesNotContain("tresorier");
            browser.send(make, Map.of("nom", "Ministre <b>", "adresse", "ministre@gouv.tg", "poste", "ministre"));
            assertThat(browser.text()).contains("ministre@gouv.tg", "Au poste « Ministre <b> »");
            browser.send(make, Map.of("faire", "oui"));
            assertThat(browser.place()).isEqualTo("/gestion/boites/ministre@gouv.tg?fait=made");
            assertThat(browser.text()).contains("Personne ne l'ouvre aujourd'hui");
            browser.go(make).send(make, Map.of("nom", "Autre", "adresse", "ministre@gouv.tg", "poste", "ministre"));
            assertThat(browser.status()).isEqualTo(422);
            String open = "/gestion/boites/ministre@gouv.tg/ouvrir";
            browser.go(open).send(open, Map.of("poste", "secretaire", "acces", "READER"));
            assertThat(browser.text()).contains("Le poste « Secrétaire » lit seulement");
            browser.send(open, Map.of("faire", "oui"));
            assertThat(mailbox("ministre").holders())
                    .containsExactly(Map.entry(new PositionCode("secretaire"), FunctionAccess.READER));
            browser.go(open).send(open, Map.of("poste", "tresorier", "acces", "HOLDER"));
            String give = "/gestion/boites/ministre@gouv.tg/confier";
            for (Map<String, String> wrong : List.of(
                    Map.of("personne", "personne@gouv.tg", "poste", "secretaire"),
                    Map.of("personne", "afi@gouv.tg", "poste", "tresorier"),
                    Map.of("personne", "afi@gouv.tg", "poste", "secretaire", "jusque", "2020-01-01"),
                    Map.of("personne", "afi@gouv.tg", "poste", "secretaire", "jusque", "demain"))) {
                browser.go(give).send(give, wrong);
                assertThat(browser.status()).as("%s", wrong).isEqualTo(422);
            }
            browser.go(give)
                    .send(give, Map.of("personne", "afi@gouv.tg", "poste", "secretaire", "jusque", "2099-12-31"));
            assertThat(browser.text()).contains("Afi Kossi occupe le poste « Secrétaire »", "1 janvier 2100");
            browser.send(give, Map.of("faire", "oui"));
            assertThat(browser.text())
                    .contains("Afi Kossi (afi@gouv.tg) lit seulement, par le poste « Secrétaire », jusqu'au");
            String take = "/gestion/boites/ministre@gouv.tg/reprendre";
            browser.go(take).send(take, Map.of("qui", "afi@gouv.tg secretaire"));
            assertThat(browser.text()).contains("Afi Kossi quitte le poste « Secrétaire »");
            String token = browser.token();
            browser.send(take, Map.of("faire", "oui"));
            assertThat(browser.text()).contains("Personne ne l'ouvre aujourd'hui");
            browser.post(
                    take,
                    Map.of(
                            "jeton", List.of(token),
                            "qui", List.of("afi@gouv.tg secretaire"),
                            "faire", List.of("oui")));
            assertThat(browser.status()).isEqualTo(200);
            String shut = "/gestion/boites/ministre@gouv.tg/retirer";
            browser.go(shut).send(shut, Map.of("poste", "secretaire")).send(shut, Map.of("faire", "oui"));
            assertThat(mailbox("ministre").holders()).isEmpty();
            String rename = "/gestion/boites/ministre@gouv.tg/renommer";
            browser.go(rename).send(rename, Map.of("nom", "\u202e")).send(rename, Map.of("nom", "Cabinet"));
            browser.send(rename, Map.of("faire", "oui"));
            assertThat(mailbox("ministre").displayName()).isEqualTo("Cabinet");
            String close = "/gestion/boites/ministre@gouv.tg/fermer";
            browser.go(close).send(close, Map.of()).send(close, Map.of("faire", "oui"));
            assertThat(browser.place()).isEqualTo("/gestion/boites?fait=closed");
            assertThat(browser.go("/gestion/boites/ministre@gouv.tg").status()).isEqualTo(404);
        }
    }

    @Test
    void whateverMarksAnAddressHoldsItsPagesAreFound() {
        String odd = "a/b?c#d%2fe!$&'=^_`{|}~";
        state.person(odd + "p", "Awa", "Lawson", "sante");
        state.program()
                .provisioning()
                .functionMailbox(new FunctionMailbox(
                        MailAddress.of(odd + "@gouv.tg"),
                        "Signes",
                        new FunctionMailbox.OfEntity(new EntityCode("sante")),
                        Map.of()));
        try (TextBrowser browser = state.signedIn("focal")) {
            for (String list : List.of("/gestion/boites", "/gestion/personnes?q=Awa")) {
                browser.go(list);
                String place = browser.page().select("th a").eachAttr("href").stream()
                        .filter(it -> it.contains("a%2Fb"))
                        .findFirst()
                        .orElseThrow();
                assertThat(place).contains("/a%2Fb%3Fc%23d%252fe").contains("@gouv.tg");
                assertThat(browser.go(place).text()).contains(odd);
                assertThat(browser.page().select(".language a").attr("href"))
                        .endsWith("?vers=" + URLEncoder.encode(place, StandardCharsets.UTF_8));
                List<String> acts = browser.page().select("main li a").eachAttr("href").stream()
                        .filter(it -> it.startsWith(place))
                        .toList();
                assertThat(acts).hasSizeGreaterThan(3);
                for (String act : acts) {
                    assertThat(browser.go(act).status()).as(act).isEqualTo(200);
                }
            }
            String rename = browser.go("/gestion/boites").page().select("th a").eachAttr("href").stream()
                            .filter(it -> it.contains("a%2Fb"))
                            .findFirst()
                            .orElseThrow()
                    + "/renommer";
            browser.go(rename).send(rename, Map.of("nom", "Autres signes")).send(rename, Map.of("faire", "oui"));
            assertThat(browser.place()).isEqualTo(rename.replace("/renommer", "?fait=changed"));
            assertThat(mailbox(odd).displayName()).isEqualTo("Autres signes");
        }
    }

    @Test
    void twoTabsThatOpenItToDifferentPositionsBothDo() {
        state.program()
                .provisioning()
                .functionMailbox(new FunctionMailbox(
                        MailAddress.of("deux@gouv.tg"),
                        "Deux",
                        new FunctionMailbox.OfEntity(new EntityCode("sante")),
                        Map.of()));
        String open = "/gestion/boites/deux@gouv.tg/ouvrir";
        try (TextBrowser one = state.signedIn("focal");
                TextBrowser other = state.signedIn("focal")) {
            one.go(open).send(open, Map.of("poste", "ministre", "acces", "HOLDER"));
            other.go(open).send(open, Map.of("poste", "secretaire", "acces", "READER"));
            one.send(open, Map.of("faire", "oui"));
            other.send(open, Map.of("faire", "oui"));
            assertThat(mailbox("deux").holders()).hasSize(2);
        }
    }

    @Test
    void makesChangesAndClosesARoom() {
        String make = "/gestion/salles/nouvelle";
        try (TextBrowser browser = state.signedIn("focal");
                TextBrowser other = state.signedIn("focal")) {
            Map<String, String> filled = Map.of(
                    "nom", "Salle <b>",
                    "adresse", "salle@gouv.tg",
                    "service", "sante",
                    "places", "12",
                    "equipement", "écran\r\nVisio",
                    "heures", "Mo-Fr 07:00-18:00",
                    "reserve", "");
            browser.go("/gestion/salles").go(make).send(make, filled);
            assertThat(browser.text()).contains("Places : 12", "Équipement : visio, écran", "Salle <b>");
            browser.send(make, Map.of("faire", "oui"));
            assertThat(browser.place()).isEqualTo("/gestion/salles/salle@gouv.tg?fait=made");
            browser.go(make).send(make, filled);
            assertThat(browser.text()).contains("Rien ne changera");
            for (Map.Entry<String, String> wrong : List.of(
                    Map.entry("places", "0"),
                    Map.entry("places", "beaucoup"),
                    Map.entry("heures", "lundi"),
                    Map.entry("nom", ""),
                    Map.entry("adresse", "salle"),
                    Map.entry("service", "finances"),
                    Map.entry("sorte", "avion"),
                    Map.entry("reserve", "nul"))) {
                Map<String, String> bad = new HashMap<>(filled);
                bad.put("adresse", "autre.salle@gouv.tg");
                bad.put(wrong.getKey(), wrong.getValue());
                browser.go(make).send(make, bad);
                assertThat(browser.status()).as("%s", wrong).isEqualTo(422);
            }
            String change = "/gestion/salles/salle@gouv.tg/modifier";
            browser.go(change).send(change, Map.of("places", "20", "service", "", "reserve", ""));
            other.go(change).send(change, Map.of("lieu", "Bâtiment B", "service", "", "reserve", ""));
            assertThat(browser.text()).contains("Places : 20").doesNotContain("Équipement");
            browser.send(change, Map.of("faire", "oui"));
            other.send(change, Map.of("faire", "oui"));
            assertThat(other.status()).isEqualTo(422);
            assertThat(browser.go("/gestion/salles/salle@gouv.tg").text()).contains("20");
            String close = "/gestion/salles/salle@gouv.tg/fermer";
            browser.go(close).send(close, Map.of()).send(close, Map.of("faire", "oui"));
            assertThat(state.program().register().room(MailAddress.of("salle@gouv.tg")))
                    .isEmpty();
        }
    }

    @Test
    void anotherMinistryIsRefusedAndNothingIsChanged() {
        state.program()
                .provisioning()
                .functionMailbox(new FunctionMailbox(
                        MailAddress.of("tresor@gouv.tg"), "Trésor secret", new PositionCode("tresorier")));
        String room = "/gestion/salles/nouvelle";
        try (TextBrowser browser = state.signedIn("autre")) {
            browser.go(room)
                    .send(
                            room,
                            Map.of(
                                    "nom", "Coffre",
                                    "adresse", "coffre@gouv.tg",
                                    "service", "finances",
                                    "reserve", "",
                                    "faire", "oui"));
            assertThat(browser.place()).contains("fait=made");
        }
        try (TextBrowser browser = state.signedIn("focal")) {
            assertThat(browser.go("/gestion/boites").text()).doesNotContain("Trésor secret");
            assertThat(browser.go("/gestion/salles").text()).doesNotContain("Coffre");
            String token = browser.go("/gestion").token();
            for (String page : List.of(
                    "/gestion/boites/tresor@gouv.tg",
                    "/gestion/boites/tresor@gouv.tg/ouvrir",
                    "/gestion/boites/tresor@gouv.tg/retirer",
                    "/gestion/boites/tresor@gouv.tg/confier",
                    "/gestion/boites/tresor@gouv.tg/reprendre",
                    "/gestion/boites/tresor@gouv.tg/renommer",
                    "/gestion/boites/tresor@gouv.tg/fermer",
                    "/gestion/salles/coffre@gouv.tg",
                    "/gestion/salles/coffre@gouv.tg/modifier",
                    "/gestion/salles/coffre@gouv.tg/fermer")) {
                browser.go(page);
                assertThat(browser.status()).as(page).isEqualTo(403);
                assertThat(browser.text()).as(page).doesNotContain("Trésor secret", "Coffre");
                browser.post(
                        page,
                        Map.of(
                                "jeton", List.of(token),
                                "faire", List.of("oui"),
                                "nom", List.of("Pris"),
                                "poste", List.of("ministre"),
                                "acces", List.of("HOLDER")));
                assertThat(browser.status()).as(page).isIn(403, 405);
            }
            assertThat(mailbox("tresor").displayName()).isEqualTo("Trésor secret");
            assertThat(browser.go("/gestion/boites/nulle@gouv.tg").status()).isEqualTo(404);
            assertThat(browser.go("/gestion/salles/nulle@gouv.tg").status()).isEqualTo(404);
        }
        try (TextBrowser browser = state.signedIn("simple")) {
            for (String page : List.of(
                    "/gestion/boites",
                    "/gestion/salles",
                    "/gestion/boites/nouvelle/poste",
                    "/gestion/boites/nouvelle/service",
                    room)) {
                assertThat(browser.go(page).status()).as(page).isEqualTo(403);
            }
        }
    }
}
