package tg.gouv.messagerie.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.GroupCode;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.provisioning.FunctionMailbox;
import tg.gouv.messagerie.directory.provisioning.Group;
import tg.gouv.messagerie.directory.provisioning.Opening;
import tg.gouv.messagerie.directory.provisioning.Room;
import tg.gouv.messagerie.portal.pages.Route;
import tg.gouv.messagerie.portal.pages.Route.Access;
import tg.gouv.messagerie.portal.pages.Route.Method;

/**
 * Each page and each act of a page, by each who may come to the wrong one: a stranger, somebody who administers nothing, the focal point of
 * another ministry, and a form that is not ours. A route with a name in braces that stands for nothing here makes this fail.
 */
class EveryRouteTest {
    private static final Pattern NAME = Pattern.compile("\\{([a-z]+)}");

    /** What nobody of another ministry may read. */
    private static final String HIDDEN = "Sossougan";

    /** What changes when people come and go, not by what is asked of a page. */
    private static final Set<String> COMING_AND_GOING = Set.of("web_session", "sign_in_attempts", "sign_in_site");

    @TempDir
    private static Path folder;

    private static TwoMinistries state;
    private static Program program;
    private static UUID grant;

    @BeforeAll
    static void start() throws Exception {
        state = new TwoMinistries(folder);
        program = state.program();
        state.person("ama", "Ama", HIDDEN, "finances");
        EntityCode finances = new EntityCode("finances");
        program.provisioning().group(new Group(new GroupCode("finances-tous"), HIDDEN, finances, Set.of()));
        program.provisioning()
                .functionMailbox(new FunctionMailbox(
                        MailAddress.of("caisse@gouv.tg"), HIDDEN, new FunctionMailbox.OfEntity(finances), Map.of()));
        program.provisioning()
                .room(
                        new Room(
                                MailAddress.of("salle@gouv.tg"),
                                HIDDEN,
                                finances,
                                Room.Type.ROOM,
                                OptionalInt.of(10),
                                "",
                                Set.of(),
                                Opening.ALWAYS,
                                Optional.empty()),
                        Optional.empty());
        grant = program.rights()
                .heldBy(program.register()
                        .person(MailAddress.of("autre@gouv.tg"))
                        .orElseThrow()
                        .account())
                .getFirst()
                .id();
    }

    @AfterAll
    static void stop() {
        state.close();
    }

    /** A route's address, where what it names is of the ministry of finances. */
    private static String address(Route route) {
        Matcher names = NAME.matcher(route.path());
        StringBuilder address = new StringBuilder();
        while (names.find()) {
            names.appendReplacement(address, Matcher.quoteReplacement(stands(route.path(), names.group(1))));
        }
        return names.appendTail(address).toString();
    }

    private static String stands(String path, String name) {
        return switch (name) {
            case "adresse" ->
                path.startsWith("/gestion/boites") || path.startsWith("/compte/droits")
                        ? "caisse@gouv.tg"
                        : path.startsWith("/gestion/salles") ? "salle@gouv.tg" : "ama@gouv.tg";
            case "entite" -> "finances";
            case "code" -> path.startsWith("/aide") ? "E01" : "finances-tous";
            case "id" -> path.startsWith("/gestion/droits") ? grant.toString() : new UUID(0, 1).toString();
            case "boite" -> new UUID(0, 1).toString();
            case "appareil" -> "thunderbird";
            case "langue" -> "en";
            case "quoi" -> "people";
            default -> throw new AssertionError("what does {" + name + "} of " + path + " stand for here?");
        };
    }

    private static List<Route> routes(String below, Method method) {
        return program.pages().stream()
                .filter(it -> it.method() == method)
                .filter(it -> it.path().equals(below) || it.path().startsWith(below + "/"))
                .toList();
    }

    @Test
    void aStrangerIsLedToTheDoorAndDoesNothing() {
        Map<String, String> before = everything();
        try (TextBrowser stranger = new TextBrowser(program)) {
            for (Route route : program.pages()) {
                if (route.access() == Access.EVERYBODY) {
                    continue;
                }
                HttpRequest.Builder request = stranger.request(stranger.address(address(route)));
                stranger.raw(
                        route.method() == Method.GET
                                ? request.GET()
                                : request.header("Content-Type", "application/x-www-form-urlencoded")
                                        .POST(HttpRequest.BodyPublishers.ofString("faire=oui")));
                assertThat(stranger.status()).as(route.path()).isEqualTo(303);
                assertThat(stranger.header("Location").orElseThrow())
                        .as(route.path())
                        .startsWith("/entrer?vers=");
            }
        }
        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void noActIsDoneWithoutAFormOfOurs() {
        Map<String, String> before = everything();
        try (TextBrowser browser = state.signedIn("autre")) {
            for (Route route : program.pages()) {
                if (route.method() == Method.POST) {
                    browser.post(address(route), Map.of("faire", List.of("oui")));
                    assertThat(browser.status()).as(route.path()).isEqualTo(403);
                }
            }
        }
        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void whoAdministersNothingIsRefusedEveryPageAndActOfManagement() {
        refusedEverywhere("simple", true);
    }

    @Test
    void aFocalPointIsRefusedWhateverIsOfAnotherMinistry() {
        refusedEverywhere("focal", false);
    }

    /** Tries every address of management; what a page would have sent is taken from whoever may see it. */
    private static void refusedEverywhere(String local, boolean everything) {
        Map<String, String> before = everything();
        try (TextBrowser browser = state.signedIn(local);
                TextBrowser allowed = state.signedIn("autre")) {
            for (Route route : routes("/gestion", Method.GET)) {
                if (everything || (route.path().contains("{") && !route.path().contains("/modeles/"))) {
                    browser.go(address(route));
                    assertThat(browser.status()).as(route.path()).isIn(403, 404);
                    assertThat(browser.text()).as(route.path()).doesNotContain(HIDDEN);
                }
            }
            for (Route route : routes("/gestion", Method.POST)) {
                if (everything || route.path().contains("{")) {
                    Map<String, List<String>> filled = filled(allowed, address(route));
                    filled.put("jeton", List.of(browser.go("/compte").token()));
                    browser.post(address(route), filled);
                    assertThat(browser.status()).as(route.path()).isIn(403, 404, 422);
                    assertThat(browser.text()).as(route.path()).doesNotContain(HIDDEN);
                }
            }
        }
        assertThat(everything()).isEqualTo(before);
    }

    /** The fields with which the page of an act sends it, when it is decided. */
    private static Map<String, List<String>> filled(TextBrowser allowed, String action) {
        Map<String, List<String>> fields = new LinkedHashMap<>();
        allowed.go(action);
        for (Element form : allowed.page().select("form[action=" + action + "]")) {
            for (Element field : form.select("input[name], select[name], textarea[name]")) {
                fields.computeIfAbsent(field.attr("name"), _ -> new ArrayList<>())
                        .add(field.val());
            }
        }
        fields.put("faire", List.of("oui"));
        return fields;
    }

    /** A digest of each table of the directory that acts change. */
    private static Map<String, String> everything() {
        Map<String, String> digests = new TreeMap<>();
        for (String table : state.running()
                .texts(
                        "select table_name from information_schema.tables where table_schema = 'directory' and table_type = 'BASE TABLE'")) {
            if (!COMING_AND_GOING.contains(table)) {
                digests.put(
                        table,
                        state.running()
                                .texts(
                                        "select md5(coalesce(string_agg(t::text, '|' order by t::text), '')) from directory."
                                                + table + " t")
                                .getFirst());
            }
        }
        assertThat(digests).hasSizeGreaterThan(10);
        return digests;
    }
}
