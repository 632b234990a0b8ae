package tg.gouv.messagerie.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.GroupCode;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.PositionCode;
import tg.gouv.messagerie.directory.provisioning.Assignment;
import tg.gouv.messagerie.directory.provisioning.FunctionMailbox;
import tg.gouv.messagerie.directory.provisioning.Group;
import tg.gouv.messagerie.directory.provisioning.Member;
import tg.gouv.messagerie.directory.provisioning.Opening;
import tg.gouv.messagerie.directory.provisioning.Position;
import tg.gouv.messagerie.directory.provisioning.Room;
import tg.gouv.messagerie.portal.pages.Route;
import tg.gouv.messagerie.portal.pages.Route.Access;
import tg.gouv.messagerie.portal.pages.Route.Method;

/**
 * Each page that can be shown, in both languages, light and dark, on the narrowest screen: no rule of WCAG 2.1 A and AA is broken, nobody
 * scrolls to the side. {@code -Dscreenshots=FOLDER} keeps what was seen.
 */
class EveryPageTest {
    private static final Pattern NAME = Pattern.compile("\\{([a-z]+)}");
    private static final int DESKTOP = 1000;

    @TempDir
    private static Path folder;

    private static TwoMinistries state;
    private static Chromium chromium;
    private static String file;

    @BeforeAll
    static void start() throws Exception {
        state = new TwoMinistries(folder);
        Program program = state.program();
        EntityCode health = new EntityCode("sante");
        state.person("essi", "Essi <b>", "d'Almeida", "sante");
        program.provisioning().position(new Position(new PositionCode("directeur"), "Directrice de la santé", health));
        program.provisioning()
                .assignment(new Assignment(MailAddress.of("focal@gouv.tg"), new PositionCode("directeur")));
        program.provisioning()
                .functionMailbox(new FunctionMailbox(
                        MailAddress.of("sante@gouv.tg"), "Cabinet de la santé", new PositionCode("directeur")));
        program.provisioning()
                .group(new Group(
                        new GroupCode("tous"),
                        "Tous",
                        health,
                        Set.of(new Member.OfAccount(MailAddress.of("essi@gouv.tg")))));
        program.provisioning()
                .room(
                        new Room(
                                MailAddress.of("salle@gouv.tg"),
                                "Salle Mono",
                                health,
                                Room.Type.ROOM,
                                OptionalInt.of(10),
                                "Bâtiment B, 2e étage",
                                Set.of("écran"),
                                Opening.ALWAYS,
                                Optional.empty()),
                        Optional.empty());
        try (TextBrowser focal = state.signedIn("focal")) {
            focal.go("/compte/appareils/ajouter/thunderbird")
                    .send("/compte/appareils/ajouter/thunderbird", Map.of("nom", "Portable du bureau"));
            focal.go("/gestion/imports")
                    .bring(
                            "/gestion/imports",
                            Map.of(),
                            Map.of(
                                    "fichier",
                                    "matricule;prenoms;nom;entite\n1;Yao;Agbo;sante\n2;;;sante\n3;Afi;Lawson;finances\n"));
            file = focal.place().replaceFirst(".*/fichiers/([^/?]+).*", "$1");
        }
        chromium = new Chromium(program);
    }

    @AfterAll
    static void stop() {
        chromium.close();
        state.close();
    }

    /** Every page's address, where what it names is of the visitor's own ministry. */
    private static List<String> addresses(boolean signedIn) {
        Set<String> addresses = new LinkedHashSet<>();
        for (Route route : state.program().pages()) {
            if (route.method() == Method.GET && (route.access() != Access.EVERYBODY) == signedIn && isPage(route)) {
                Matcher names = NAME.matcher(route.path());
                StringBuilder address = new StringBuilder();
                while (names.find()) {
                    names.appendReplacement(address, Matcher.quoteReplacement(stands(route.path(), names.group(1))));
                }
                addresses.add(names.appendTail(address).toString());
            }
        }
        return List.copyOf(addresses);
    }

    /** Neither a file nor a detour. */
    private static boolean isPage(Route route) {
        return !route.path().startsWith("/langue/")
                && !route.path().endsWith(".csv")
                && !route.path().contains("/modeles/")
                && !route.path().endsWith("/profil")
                && !route.path().startsWith("/gestion/imports/{id}");
    }

    private static String stands(String path, String name) {
        return switch (name) {
            case "adresse" ->
                path.startsWith("/gestion/boites")
                        ? "sante@gouv.tg"
                        : path.startsWith("/gestion/salles") ? "salle@gouv.tg" : "essi@gouv.tg";
            case "entite" -> "sante";
            case "code" -> path.startsWith("/aide") ? "E01" : "tous";
            case "id" ->
                path.contains("/fichiers/")
                        ? file
                        : state.program()
                                .rights()
                                .heldBy(state.program()
                                        .register()
                                        .person(MailAddress.of("focal@gouv.tg"))
                                        .orElseThrow()
                                        .account())
                                .getFirst()
                                .id()
                                .toString();
            case "boite" -> new UUID(0, 1).toString();
            case "appareil" -> "thunderbird";
            default -> throw new AssertionError("what does {" + name + "} of " + path + " stand for here?");
        };
    }

    @Test
    void breaksNoRuleOfAccessibilityInEitherLanguageLightOrDark() {
        List<String> wrong = new ArrayList<>();
        look("fr-FR", ColorScheme.LIGHT, wrong);
        look("en-GB", ColorScheme.DARK, wrong);
        assertThat(wrong).isEmpty();
    }

    private static void look(String language, ColorScheme scheme, List<String> wrong) {
        try (BrowserContext context = chromium.profile(language, Chromium.NARROW, scheme, true)) {
            Page page = context.newPage();
            addresses(false).forEach(address -> look(page, address, language, wrong));
            page.navigate("/compte");
            page.locator("[name=adresse]").fill("focal@gouv.tg");
            page.locator("[name=mot-de-passe]").fill("la pirogue revient au soir");
            page.locator("main form button").click();
            page.navigate("/langue/" + language.substring(0, 2)); // the account's own is French
            addresses(true).forEach(address -> look(page, address, language, wrong));
            look(page, "/gestion/personnes?q=es", language, wrong);
        }
    }

    private static void look(Page page, String address, String language, List<String> wrong) {
        Response response = page.navigate(address);
        if (response.status() != 200) {
            wrong.add(address + ": " + response.status() + " "
                    + page.locator("main").innerText());
            return;
        }
        Chromium.violations(page).forEach(it -> wrong.add(language + " " + address + ": " + it));
        if (Chromium.sideways(page) > 0) {
            wrong.add(language + " " + address + ": " + Chromium.sideways(page) + " px wider than the screen");
        }
        if (!page.locator("html").getAttribute("lang").equals(language.substring(0, 2))) {
            wrong.add(language + " " + address + ": in another language");
        }
        keep(page, address, language);
    }

    private static void keep(Page page, String address, String language) {
        String kept = System.getProperty("screenshots", "");
        if (!kept.isEmpty() && language.startsWith("fr")) {
            String name = address.substring(1)
                    .replaceAll("\\?.*", "-q")
                    .replace(String.valueOf(file), "1")
                    .replaceAll("[^a-z0-9-]+", "-")
                    .toLowerCase(Locale.ROOT);
            int width = address.startsWith("/gestion") ? DESKTOP : Chromium.NARROW;
            page.setViewportSize(width, 700);
            page.screenshot(new Page.ScreenshotOptions()
                    .setFullPage(true)
                    .setPath(Path.of(kept).resolve((name.isEmpty() ? "accueil" : name) + ".png")));
            page.setViewportSize(Chromium.NARROW, 700);
        }
    }
}
