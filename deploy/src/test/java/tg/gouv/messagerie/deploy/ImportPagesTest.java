package tg.gouv.messagerie.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tg.gouv.messagerie.directory.Account;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.MailAddress;

/** Imports, letters of a service and the audit trail of a part, in the browser, of the whole program: two ministries with a focal point each. */
class ImportPagesTest {
    private static final String HEADER = "matricule;prenoms;nom;entite;adresse\n";
    private static final String IMPORTS = "/gestion/imports";

    @TempDir
    private static Path folder;

    private static TwoMinistries state;
    private static Program program;

    @BeforeAll
    static void start() throws Exception {
        state = new TwoMinistries(folder, "\n[portal]\nfile-max = \"8MB\"\n", 5_000);
        program = state.program();
        state.entity("sante-drh", "Direction des ressources humaines", Optional.of(new EntityCode("sante")));
        state.entity("sante-labo", "Laboratoire national", Optional.of(new EntityCode("sante")));
        state.entity(
                "finances-drh",
                "Direction des ressources humaines des finances",
                Optional.of(new EntityCode("finances")));
        state.person("komi", "Komi", "Ekoue", "sante");
    }

    @AfterAll
    static void stop() {
        state.close();
    }

    private static TextBrowser signedIn(String local) {
        return state.signedIn(local);
    }

    private static TextBrowser brought(TextBrowser browser, String file) {
        return browser.go(IMPORTS).bring(IMPORTS, Map.of(), Map.of("fichier", file));
    }

    private static void apply(TextBrowser browser) {
        String place = browser.place();
        browser.send(place, Map.of("suivre", "oui"));
        if (!browser.text().contains("C'est fait, par")) { // it may be that fast
            assertThat(browser.header("Refresh")).hasValue("5");
            browser.go(place);
            assertThat(browser.header("Refresh"))
                    .as("only for who has chosen so")
                    .isEmpty();
        }
        TestProgram.await("the import is done", () -> browser.go(place).text().contains("C'est fait, par"));
    }

    /** The numbers that a page shows, in the order of their words. */
    private static List<String> counts(TextBrowser browser) {
        return browser.page().select("main dl dd").eachText();
    }

    private static boolean isThere(String local) {
        return program.register().person(MailAddress.of(local + "@gouv.tg")).isPresent();
    }

    @Test
    void aFocalPointImportsCorrectsUndoesAndImportsAgain() {
        String file = HEADER
                + IntStream.range(0, 2_140)
                        .mapToObj(i -> switch (i) {
                            case 7 -> "7;=cmd();Sept;sante-labo;n7@gouv.tg\n";
                            case 1_000 -> "1000;Afi;Mille;finances;n1000@gouv.tg\n";
                            case 2_000 -> "5;Afi;Double;sante-labo;n2000@gouv.tg\n";
                            default -> i + ";Afi;Nom" + i + ";sante-labo;n" + i + "@gouv.tg\n";
                        })
                        .collect(Collectors.joining());
        try (TextBrowser browser = signedIn("focal");
                TextBrowser other = signedIn("autre")) {
            brought(browser, file);
            String place = browser.place();
            assertThat(place).startsWith(IMPORTS + "/fichiers/");
            assertThat(counts(browser).stream().map(it -> it.replaceAll("\\D", "")))
                    .containsExactly("2140", "2137", "0", "0", "3");
            assertThat(browser.page()
                            .select("table:has(th:contains(Colonne)) tbody th")
                            .eachText())
                    .containsExactly("ligne 9", "ligne 1002", "ligne 2002");
            assertThat(browser.page().select("table:has(th:contains(Colonne))").text())
                    .contains("prenoms", "formule", "entite", "droit", "matricule", "ligne 7", "Gardez une seule");
            assertThat(browser.page().select("table:has(th:contains(Changement)) tbody tr"))
                    .hasSize(100);
            assertThat(browser.bytesOnTheLine()).isLessThan(8_000);
            assertThat(isThere("n1"))
                    .as("nothing is imported before it was shown")
                    .isFalse();
            browser.go(place + "/changements?apres=2100");
            assertThat(browser.page().select("tbody tr")).hasSize(37);

            String refused = new String(browser.go(place + "/refuses.csv").body(), StandardCharsets.UTF_8);
            assertThat(browser.header("Content-Disposition").orElse("")).contains("lignes-refusees.csv");
            assertThat(refused.lines()).hasSize(4);

            browser.go(place);
            String token = browser.token();
            apply(browser);
            assertThat(isThere("n1")).isTrue();
            browser.post(place, Map.of("jeton", List.of(token)));
            assertThat(browser.text()).as("a form that is sent twice").contains("C'est fait");

            brought(
                    browser,
                    refused.replace("'=cmd()", "Ama")
                            .replace(";finances;", ";sante-labo;")
                            .replace("\n5;Afi", "\n5000;Afi"));
            assertThat(counts(browser)).containsExactly("3", "3", "0", "0", "0");
            apply(browser);
            assertThat(isThere("n7")).isTrue();

            browser.go(IMPORTS);
            List<String> links = browser.page().select("table th a").eachAttr("href");
            assertThat(links).hasSize(2);
            for (String link : links) {
                other.go(link);
                assertThat(other.status()).as("another ministry").isEqualTo(404);
                assertThat(other.text()).contains("vous n'avez pas le droit");
                other.go(link + "/annuler");
                assertThat(other.status()).isEqualTo(404);
                String stolen = other.go(IMPORTS).token();
                other.post(link + "/annuler", Map.of("jeton", List.of(stolen)));
                assertThat(other.status()).isEqualTo(404);
            }
            for (String page : List.of("", "/problemes", "/changements", "/refuses.csv")) {
                other.go(place + page);
                assertThat(other.status()).as(page).isEqualTo(404);
            }
            assertThat(isThere("n1")).isTrue();

            for (String link : links) {
                browser.go(link + "/annuler");
                assertThat(browser.text()).contains("disparaît", "Les premières personnes concernées");
                browser.send(link + "/annuler", Map.of());
                assertThat(browser.text()).contains("L'import est annulé", "annulé");
                browser.go(link + "/annuler");
                assertThat(browser.text()).contains("déjà annulé");
            }
            assertThat(isThere("n1")).isFalse();
            assertThat(isThere("n7")).isFalse();
            brought(browser, file);
            assertThat(counts(browser).get(1).replaceAll("\\D", "")).isEqualTo("2137");
            apply(browser);
            assertThat(isThere("n1")).isTrue();
            assertThat(browser.page().select("main a[href=/gestion/lettres]")).hasSize(1);
            refusesToRenameManyUnlessThatIsWanted(browser);
        }
    }

    private static void refusesToRenameManyUnlessThatIsWanted(TextBrowser browser) {
        brought(
                browser,
                IntStream.range(100, 200)
                        .mapToObj(i -> i + ";Afi;Autre" + i + ";sante-labo;n" + i + "@gouv.tg\n")
                        .collect(Collectors.joining("", HEADER, "")));
        assertThat(browser.text()).contains("plus de 2 %", "J'ai vérifié");
        String place = browser.place();
        browser.send(place, Map.of());
        assertThat(browser.status()).isEqualTo(422);
        assertThat(browser.text()).contains("cochez que vous avez vérifié");
        browser.send(place, Map.of("voulu", "oui"));
        TestProgram.await("the import is done", () -> browser.go(place).text().contains("C'est fait, par"));
        assertThat(counts(browser)).contains("100");
    }

    @Test
    void theLettersOfAServiceAreOneFileAfterItIsSaidHowManyCodesAreMade() {
        try (TextBrowser browser = signedIn("focal")) {
            brought(
                    browser,
                    HEADER + "9001;Adjo;Lettre;sante-drh;adjo@gouv.tg\n9002;Esi;Lettre;sante-drh;esi@gouv.tg\n");
            apply(browser);
            browser.go("/gestion/lettres?q=ressources");
            assertThat(browser.page().select("main ul a").eachText())
                    .as("one's own part alone")
                    .containsExactly("Direction des ressources humaines");
            String place = "/gestion/lettres/sante-drh";
            browser.go(browser.page().select("main ul a").attr("href"));
            assertThat(browser.place()).isEqualTo(place);
            assertThat(counts(browser)).containsExactly("2", "2", "0");
            assertThat(browser.text()).contains("2 codes seront faits");
            browser.send(place, Map.of());
            assertThat(browser.header("Content-Type")).contains("application/pdf");
            assertThat(new String(browser.body(), 0, 4, StandardCharsets.US_ASCII))
                    .isEqualTo("%PDF");
            browser.go(place);
            assertThat(counts(browser)).containsExactly("2", "0", "2");
            assertThat(browser.text()).contains("2 codes d'avant ne serviront plus");
            browser.post(place, Map.of("jeton", List.of(browser.token()), "pour", List.of("sans-code")));
            assertThat(browser.status()).isEqualTo(422);
            browser.go("/gestion/lettres/finances-drh");
            assertThat(browser.status()).isEqualTo(403);
            assertThat(browser.text()).contains("droit").doesNotContain("Direction des ressources");
            browser.go("/gestion/lettres/nulle-part");
            assertThat(browser.status()).isEqualTo(404);
            String token = browser.go("/gestion").token();
            browser.post("/gestion/lettres/finances-drh", Map.of("jeton", List.of(token), "pour", List.of("tous")));
            assertThat(browser.status()).isEqualTo(403);
        }
    }

    @Test
    void theTrailOfAPartIsSearchedByPersonActAndDates() {
        AccountId yawa = state.person("yawa", "Yawa", "Trace", "sante-drh");
        program.provisioning().state(yawa, Account.State.SUSPENDED);
        try (TextBrowser browser = signedIn("focal")) {
            assertThat(browser.go("/gestion/audit").text()).contains("Santé").doesNotContain("Finances");
            String place = "/gestion/audit/sante";
            TestProgram.await(
                    "the trail tells what happened",
                    () -> browser.go(place + "?personne=yawa@gouv.tg&acte=directory-account-state")
                            .text()
                            .contains("a changé l'état du compte de Yawa Trace"));
            assertThat(browser.page().select("tbody tr").text()).doesNotContain("mot de passe");
            assertThat(browser.page().select("option[selected]").attr("value")).isEqualTo("directory-account-state");
            browser.go(place + "?personne=yawa@gouv.tg&au=2001-01-01");
            assertThat(browser.text()).contains("Il n'y a rien de tel");
            browser.go(place + "?personne=yawa@gouv.tg&du=2020-01-01");
            assertThat(browser.text()).contains("Yawa Trace");
            browser.go(place + "?du=2099-01-01");
            assertThat(browser.text()).contains("Il n'y a rien de tel");
            browser.go(place);
            assertThat(browser.page().select("tbody tr")).isNotEmpty();
            for (String bad : List.of(
                    "?du=hier",
                    "?personne=pas%20une%20adresse@",
                    "?personne=autre@gouv.tg",
                    "?avant=x",
                    "?personne=zz")) {
                browser.go(place + bad);
                assertThat(browser.status()).as(bad).isEqualTo(422);
                assertThat(browser.text()).as(bad).doesNotContain("{0}", "Autre Focal");
            }
            browser.go("/gestion/audit/finances");
            assertThat(browser.status()).isEqualTo(403);
        }
    }

    @Test
    void whatIsNoFileOfPeopleIsRefusedInWordsAndNothingIsKept() {
        try (TextBrowser browser = signedIn("focal")) {
            brought(browser, "a;b\n1;2\n");
            assertThat(browser.status()).isEqualTo(422);
            assertThat(browser.text()).contains("Partez du modèle").doesNotContain("--");
            browser.go(IMPORTS).bring(IMPORTS, Map.of(), Map.of());
            assertThat(browser.status()).isEqualTo(422);
            assertThat(browser.text()).contains("Choisissez un fichier");
            browser.go(IMPORTS)
                    .bring(
                            IMPORTS,
                            Map.of(),
                            Map.of("fichier", "num;n\n77;Seul\n", "correspondance", "[columns]\nnumbre = \"num\"\n"));
            assertThat(browser.status()).isEqualTo(422);
            assertThat(browser.text()).contains("numbre");
            browser.go(IMPORTS)
                    .bring(
                            IMPORTS,
                            Map.of(),
                            Map.of(
                                    "fichier",
                                    "num;n;m;ou\n77;<b>Seul</b>;seul77@gouv.tg;sante\n",
                                    "correspondance",
                                    "[columns]\nnumber = \"num\"\nfamily = \"n\"\naddress = \"m\"\nentity = \"ou\"\n"));
            assertThat(browser.text()).contains("<b>Seul</b>", "seul77@gouv.tg");
            assertThat(browser.page().select("main b")).isEmpty();
            browser.send(browser.place() + "/oublier", Map.of());
            assertThat(browser.text()).contains("Le fichier est oublié");
            for (String template : List.of("personnes", "entites", "postes", "correspondance")) {
                browser.go(IMPORTS + "/modeles/" + template);
                assertThat(browser.status()).as(template).isEqualTo(200);
            }
            assertThat(browser.go(IMPORTS + "/modeles/rien").status()).isEqualTo(404);
            assertThat(browser.go(IMPORTS + "/" + UUID.randomUUID()).status()).isEqualTo(404);
            assertThat(browser.go(IMPORTS + "/fichiers/pas-un-numero").status()).isEqualTo(404);
        }
    }

    @Test
    void aFileOfTwoHundredMegabytesIsRefusedWithAPageThatSaysWhatToDo() {
        try (TextBrowser browser = signedIn("focal")) {
            send(browser, 9L << 20); // portal.file-max
            assertThat(browser.status()).isEqualTo(413);
            assertThat(browser.text()).contains("trop gros", "Divisez-le");
            send(browser, 200L << 20); // http.body-size-max
            assertThat(browser.status()).isEqualTo(413);
            assertThat(browser.text()).contains("dépasse la taille permise", "en plusieurs fois");
            browser.go(IMPORTS);
            assertThat(browser.text()).contains("8 Mo au plus");
        }
    }

    private static void send(TextBrowser browser, long bytes) {
        browser.go(IMPORTS);
        browser.raw(browser.request(browser.address(IMPORTS))
                .header("Content-Type", "multipart/form-data; boundary=x")
                .header("Origin", browser.site())
                .POST(HttpRequest.BodyPublishers.fromPublisher(
                        HttpRequest.BodyPublishers.ofInputStream(() -> zeros(bytes)), bytes)));
    }

    private static InputStream zeros(long bytes) {
        return new InputStream() {
            private long left = bytes;

            @Override
            public int read() {
                return left-- > 0 ? 0 : -1;
            }

            @Override
            public int read(byte[] into, int from, int length) {
                int some = (int) Math.min(length, left);
                left -= some;
                return some == 0 ? -1 : some;
            }
        };
    }

    @Test
    void whoMayImportNothingSeesNothingOfIt() {
        try (TextBrowser browser = signedIn("komi")) {
            for (String page : List.of(
                    IMPORTS,
                    IMPORTS + "/" + UUID.randomUUID(),
                    IMPORTS + "/fichiers/" + UUID.randomUUID(),
                    "/gestion/lettres",
                    "/gestion/lettres/sante",
                    "/gestion/audit",
                    "/gestion/audit/sante")) {
                browser.go(page);
                assertThat(browser.status()).as(page).isEqualTo(403);
            }
        }
    }
}
