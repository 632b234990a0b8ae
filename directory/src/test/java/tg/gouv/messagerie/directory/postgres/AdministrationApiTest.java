package tg.gouv.messagerie.directory.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.InetAddress;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.commons.codec.binary.Base32;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tg.gouv.messagerie.directory.Account;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.postgres.ApiUnderTest.Told;
import tg.gouv.messagerie.directory.rights.Grant;
import tg.gouv.messagerie.directory.rights.Right;
import tg.gouv.messagerie.directory.signin.BearerTokens;
import tg.gouv.messagerie.directory.signin.SignIn;
import tg.gouv.messagerie.directory.signin.SignIns.Protocol;
import tg.gouv.messagerie.directory.signin.Totp;
import tg.gouv.messagerie.platform.audit.Actor;
import tg.gouv.messagerie.platform.audit.AuditAbout;
import tg.gouv.messagerie.platform.audit.Circumstances;
import tg.gouv.messagerie.platform.database.Sql;
import tg.gouv.messagerie.platform.settings.Secret;

/** The administration's API over HTTP, with real tokens: each operation of its own description with and without the right it needs. */
class AdministrationApiTest extends DirectoryTest {
    private static final Secret PASSWORD = new Secret("un-bon-mot-de-passe");
    private static final String PERSON = "/people/kofi.mensah@gouv.tg";

    private static final InetAddress HERE = InetAddress.getLoopbackAddress();

    private ApiUnderTest api;

    @BeforeAll
    void serve() {
        api = new ApiUnderTest(directories, this::told, clock);
    }

    @AfterAll
    void stop() {
        api.close();
    }

    @BeforeEach
    void provision() {
        look.autoCommit(c -> Sql.update(c, "truncate bearer_token"));
        provisioning.apply(SmallState.state(Map.of(SmallState.AKOSSIWA, PASSWORD, SmallState.KOFI, PASSWORD)));
        pass(Duration.ofDays(1));
    }

    /** A request of an operation, and how it ends for who may. */
    private record Tried(
            String method, String path, @Nullable String body, int done, boolean judged) {}

    private static Map<String, Tried> tries(UUID grant) {
        Map<String, Tried> tries = new LinkedHashMap<>();
        tries.put("me", new Tried("GET", "/me", null, 200, false));
        tries.put("entities", new Tried("GET", "/entities?within=energie&limit=10", null, 200, false));
        tries.put("entity", new Tried("GET", "/entities/budget", null, 200, false));
        tries.put("positions", new Tried("GET", "/positions", null, 200, false));
        tries.put("position", new Tried("GET", "/positions/directeur-budget", null, 200, false));
        tries.put("people", new Tried("GET", "/people?within=energie", null, 200, true));
        tries.put("person", new Tried("GET", PERSON, null, 200, true));
        tries.put("rightsOf", new Tried("GET", PERSON + "/rights", null, 200, true));
        tries.put(
                "putEntity",
                new Tried("PUT", "/entities/nouvelle", "{'name': 'Nouvelle', 'parent': 'energie'}", 200, true));
        tries.put(
                "putPosition",
                new Tried("PUT", "/positions/juriste", "{'title': 'Juriste', 'entity': 'budget'}", 200, true));
        tries.put(
                "putPerson",
                new Tried(
                        "PUT",
                        "/people/yao.agbo@gouv.tg",
                        "{'given': 'Yao', 'family': 'Agbo', 'language': 'fr', 'entity': 'budget', 'registrationNumber': '42'}",
                        200,
                        true));
        tries.put("addAddress", new Tried("PUT", PERSON + "/addresses/k.mensah@gouv.tg", null, 204, true));
        tries.put("removeAddress", new Tried("DELETE", PERSON + "/addresses/k.mensah@gouv.tg", null, 204, true));
        tries.put("domains", new Tried("GET", "/domains", null, 200, false));
        tries.put("putDomain", new Tried("PUT", "/domains/energie.gouv.tg", "{'entity': 'energie'}", 403, true));
        tries.put("assign", new Tried("POST", PERSON + "/assignments", "{'position': 'directeur-budget'}", 204, true));
        tries.put(
                "handOver",
                new Tried(
                        "POST",
                        "/positions/agent-budget/hand-over?dry-run=true",
                        "{'from': 'kofi.mensah@gouv.tg', 'to': 'akossiwa.mensah@gouv.tg'}",
                        200,
                        true));
        tries.put("reassign", new Tried("POST", PERSON + "/reassignment", "{'to': 'directeur-budget'}", 200, true));
        tries.put(
                "rename",
                new Tried(
                        "POST",
                        PERSON + "/renaming?dry-run=true",
                        "{'given': 'Kofi', 'family': 'Agbo', 'address': 'kofi.agbo@gouv.tg'}",
                        200,
                        true));
        tries.put("issueCode", new Tried("POST", PERSON + "/activation-code?reset=true", null, 201, true));
        tries.put(
                "depart",
                new Tried(
                        "POST",
                        PERSON + "/departure?dry-run=true",
                        "{'until': '2199-01-01T00:00:00Z', 'reader': 'akossiwa.mensah@gouv.tg'}",
                        200,
                        true));
        tries.put("suspend", new Tried("POST", PERSON + "/suspension", null, 200, true));
        tries.put("resume", new Tried("POST", PERSON + "/resumption", null, 200, true));
        tries.put(
                "grant",
                new Tried(
                        "POST",
                        "/grants",
                        "{'position': 'agent-budget', 'rights': ['look'], 'entity': 'budget'}",
                        201,
                        true));
        tries.put("revoke", new Tried("DELETE", "/grants/" + grant, null, 204, true));
        tries.put("groups", new Tried("GET", "/groups?within=energie", null, 200, false));
        tries.put(
                "putGroup",
                new Tried(
                        "PUT",
                        "/groups/agents",
                        "{'name': 'Agents', 'entity': 'energie', 'members': ['people:entity=energie', 'position:agent-budget']}",
                        200,
                        true));
        tries.put("group", new Tried("GET", "/groups/agents", null, 200, false));
        tries.put("groupMembers", new Tried("GET", "/groups/agents/members?limit=1", null, 200, false));
        tries.put(
                "putMailingList",
                new Tried(
                        "PUT",
                        "/mailing-lists/agents@gouv.tg",
                        "{'group': 'agents', 'writers': 'state', 'owner': 'kofi.mensah@gouv.tg'}",
                        200,
                        true));
        tries.put("mailingList", new Tried("GET", "/mailing-lists/agents@gouv.tg", null, 200, false));
        tries.put("mailingLists", new Tried("GET", "/mailing-lists", null, 200, false));
        tries.put(
                "putRoom",
                new Tried(
                        "PUT",
                        "/rooms/salle.a@gouv.tg",
                        "{'name': 'Salle A', 'entity': 'energie', 'type': 'room', 'capacity': 12, 'features': ['visio'],"
                                + " 'opening': 'Mo-Fr 07:00-18:00', 'bookers': 'agents'}",
                        200,
                        true));
        tries.put("room", new Tried("GET", "/rooms/salle.a@gouv.tg", null, 200, false));
        tries.put("rooms", new Tried("GET", "/rooms?within=energie", null, 200, false));
        tries.put("closeRoom", new Tried("DELETE", "/rooms/salle.a@gouv.tg", null, 204, true));
        tries.put("closeMailingList", new Tried("DELETE", "/mailing-lists/agents@gouv.tg", null, 204, true));
        tries.put("removeGroup", new Tried("DELETE", "/groups/agents", null, 204, true));
        tries.put("myDevices", new Tried("GET", "/me/devices", null, 200, false));
        tries.put(
                "issueDevice",
                new Tried("POST", "/me/devices", "{'name': 'Téléphone', 'protocols': ['imap', 'smtp']}", 201, false));
        String nothing = "/devices/00000000-0000-0000-0000-000000000000";
        tries.put("revokeMyDevice", new Tried("DELETE", "/me" + nothing, null, 404, false));
        tries.put("mySessions", new Tried("GET", "/me/sessions", null, 200, false));
        tries.put("mySecondFactor", new Tried("GET", "/me/second-factor", null, 200, false));
        tries.put("beginSecondFactor", new Tried("POST", "/me/second-factor", null, 201, false));
        tries.put("confirmSecondFactor", new Tried("PUT", "/me/second-factor", "{'code': 'faux'}", 422, false));
        tries.put("endMySecondFactor", new Tried("DELETE", "/me/second-factor", "{'code': 'faux'}", 204, false));
        tries.put("devices", new Tried("GET", PERSON + "/devices", null, 200, true));
        tries.put("revokeDevice", new Tried("DELETE", PERSON + nothing, null, 404, true));
        tries.put("sessions", new Tried("GET", PERSON + "/sessions", null, 200, true));
        tries.put("secondFactor", new Tried("GET", PERSON + "/second-factor", null, 200, true));
        tries.put("endSecondFactor", new Tried("DELETE", PERSON + "/second-factor", null, 204, true));
        tries.put(
                "importPassword",
                new Tried(
                        "PUT",
                        PERSON + "/imported-password",
                        "{'hash': '{SSHA}ts6yLjB6495gtkJ1ppJVbylICuesd82y'}",
                        409,
                        true));
        String file = "/import-files/00000000-0000-0000-0000-000000000000";
        tries.put("bringImportFile", new Tried("POST", "/import-files?name=p.csv", "matricule;nom\n", 201, true));
        tries.put("importFile", new Tried("GET", file, null, 404, false));
        tries.put("importProblems", new Tried("GET", file + "/problems?after=10&limit=5", null, 404, false));
        tries.put("importChanges", new Tried("GET", file + "/changes", null, 404, false));
        tries.put("importRefused", new Tried("GET", file + "/refused", null, 404, false));
        tries.put("applyImportFile", new Tried("POST", file + "/application?force=true", null, 404, false));
        tries.put("removeImportFile", new Tried("DELETE", file, null, 404, false));
        tries.put("imports", new Tried("GET", "/imports?limit=3", null, 200, false));
        tries.put(
                "undoImport",
                new Tried("POST", "/imports/00000000-0000-0000-0000-000000000000/undoing", null, 404, false));
        tries.put("myAccess", new Tried("GET", "/me/access?limit=5", null, 200, false));
        tries.put("access", new Tried("GET", PERSON + "/access", null, 200, true));
        tries.put("partAudit", new Tried("GET", "/entities/budget/audit?act=directory-person", null, 200, true));
        tries.put("personState", new Tried("GET", PERSON + "/state", null, 200, true));
        tries.put("unlock", new Tried("POST", PERSON + "/unlock", null, 200, true));
        tries.put("changeMyLanguage", new Tried("PUT", "/me/language", "{'language': 'en'}", 204, false));
        tries.put("hold", new Tried("PUT", PERSON + "/hold?dry-run=true", "{'reason': 'enquête 12'}", 200, true));
        tries.put("endHold", new Tried("DELETE", PERSON + "/hold", null, 200, true));
        tries.put("erase", new Tried("POST", PERSON + "/erasure?dry-run=true&now=true", null, 409, true));
        tries.put("myArchive", new Tried("GET", "/me/archive", null, 200, false));
        tries.put("archive", new Tried("GET", PERSON + "/archive", null, 200, true));
        tries.put("signOut", new Tried("DELETE", PERSON + "/sessions", null, 204, true));
        tries.put(
                "changeMyPassword",
                new Tried("PUT", "/me/password", "{'current': 'faux', 'password': 'la pirogue rentre'}", 403, false));
        tries.put("signMeOut", new Tried("DELETE", "/me/sessions", null, 204, false));
        tries.put("revokeToken", new Tried("DELETE", "/tokens/current", null, 204, false));
        return tries;
    }

    @Test
    void everyOperationIsDoneForWhoMayAndRefusedToOthersAndToNobody() throws Exception {
        AccountId akossiwa = account(SmallState.AKOSSIWA).id();
        UUID grant = give(akossiwa, Right.values());
        UUID other = give(account(SmallState.KOFI).id(), Right.LOOK, Right.AUDIT); // to be revoked
        provisioning.revoke(other);
        Set<String> described = new TreeSet<>();
        ask("GET", "/openapi.json", null, null)
                .body()
                .get("paths")
                .forEach(path -> path.forEach(
                        operation -> described.add(operation.get("operationId").textValue())));
        described.removeAll(Set.of("issueToken", "description")); // need nothing; they are called here
        assertThat(tries(grant).keySet()).containsExactlyInAnyOrderElementsOf(described);
        String may = token("akossiwa.mensah@gouv.tg");
        String mayNot = token("kofi.mensah@gouv.tg");
        for (Map.Entry<String, Tried> each : tries(give(akossiwa, Right.LOOK)).entrySet()) {
            Tried tried = each.getValue();
            Told nobody = ask(tried.method(), tried.path(), null, tried.body());
            assertThat(nobody.status()).as(each.getKey()).isEqualTo(401);
            assertThat(nobody.headers()).contains("www-authenticate");
            boolean own = Set.of("person", "rightsOf", "personState", "archive").contains(each.getKey());
            if (tried.judged() && !own && !each.getKey().equals("resume")) {
                Told refused = ask(tried.method(), tried.path(), mayNot, tried.body());
                assertThat(refused.status())
                        .as(each.getKey() + " " + refused.body())
                        .isEqualTo(403);
                assertThat(refused.body().get("title").textValue())
                        .as(each.getKey())
                        .contains("droit");
            }
            if (each.getKey().equals("revokeToken")) {
                may = token("akossiwa.mensah@gouv.tg"); // who signed out everywhere
            }
            Told done = ask(tried.method(), tried.path(), may, tried.body());
            assertThat(done.status()).as(each.getKey() + " " + done.body()).isEqualTo(tried.done());
        }
        assertThat(ask("GET", "/me", may, null).status())
                .as("the token was revoked")
                .isEqualTo(401);
        assertThat(trail.events()).anySatisfy(event -> {
            assertThat(event.act()).isEqualTo("directory-account-state");
            assertThat(event.circumstances().actor()).isEqualTo(new Actor.Account(akossiwa.value()));
        });
    }

    @Test
    void aTokenEndsWithItsTimeTheAccountOrThePassword() throws Exception {
        String token = token("kofi.mensah@gouv.tg");
        assertThat(ask("GET", "/me", token, null).status()).isEqualTo(200);
        assertThat(ask("GET", "/me", token + "x", null).status()).isEqualTo(401);
        pass(Duration.ofMinutes(16));
        assertThat(ask("GET", "/me", token, null).status()).isEqualTo(401);
        String second = token("kofi.mensah@gouv.tg");
        pass(Duration.ofSeconds(1));
        provisioning.password(account(SmallState.KOFI).id(), new Secret("un-autre-mot-de-passe"));
        assertThat(ask("GET", "/me", second, null).status()).isEqualTo(401);
        String third = token("akossiwa.mensah@gouv.tg");
        provisioning.state(account(SmallState.AKOSSIWA).id(), Account.State.SUSPENDED);
        assertThat(ask("GET", "/me", third, null).status()).isEqualTo(401);
        assertThat(query("select count(*)::text from bearer_token where octet_length(hash) <> 32"))
                .containsExactly("0");
        Told wrong = ask("POST", "/tokens", null, "{'login': 'kofi.mensah@gouv.tg', 'password': 'faux'}");
        assertThat(wrong.status()).isEqualTo(401);
        assertThat(ask(
                                "POST",
                                "/tokens",
                                null,
                                "{'login': 'directeur.budget@gouv.tg*kofi.mensah@gouv.tg', 'password': 'faux'}")
                        .status())
                .isEqualTo(401);
    }

    @Test
    void aTokenThatOnlyEnrolsOpensNothingElse() throws Exception {
        give(account(SmallState.AKOSSIWA).id(), Right.values());
        String token = token("akossiwa.mensah@gouv.tg");
        look.autoCommit(c -> Sql.update(c, "update bearer_token set enrols_only = true"));
        refused(403, "double authentification", "GET", "/people?within=energie", token, null);
        refused(403, "double authentification", "GET", "/me/devices", token, null);
        assertThat(ask("GET", "/me", token, null).status()).isEqualTo(200);
        Told begun = ask("POST", "/me/second-factor", token, null);
        assertThat(begun.body().get("uri").textValue())
                .contains(begun.body().get("secret").textValue());
    }

    @Test
    void whoSawAnOlderThingDoesNotOverwriteTheNewerOne() throws Exception {
        give(account(SmallState.AKOSSIWA).id(), Right.values());
        String token = token("akossiwa.mensah@gouv.tg");
        String tag = ask("GET", "/entities/budget", token, null).tag().orElseThrow();
        String body = "{'name': 'Budget', 'parent': 'energie'}";
        Told changed = ask("PUT", "/entities/budget", token, body, "If-Match", tag);
        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.tag()).isNotEqualTo(Optional.of(tag));
        assertThat(ask("PUT", "/entities/budget", token, "{'name': 'Autre', 'parent': 'energie'}", "If-Match", tag)
                        .status())
                .isEqualTo(412);
        assertThat(ask("GET", "/entities/budget", token, null)
                        .body()
                        .get("name")
                        .textValue())
                .isEqualTo("Budget");
        assertThat(ask("PUT", "/entities/neuve", token, body, "If-Match", "*").status())
                .isEqualTo(412);
        String person = ask("GET", PERSON, token, null).tag().orElseThrow();
        assertThat(ask(
                                "PUT",
                                PERSON,
                                token,
                                "{'given': 'Kofi', 'family': 'Agbo', 'language': 'en', 'entity': 'budget'}",
                                "If-Match",
                                person)
                        .status())
                .isEqualTo(200);
    }

    @Test
    void badRequestsAreToldWhereAndChangeNothing() throws Exception {
        give(account(SmallState.AKOSSIWA).id(), Right.values());
        String token = token("akossiwa.mensah@gouv.tg");
        refused(400, "ligne 1, colonne", "PUT", "/entities/budget", token, "{'name': ");
        refused(400, "parent", "PUT", "/entities/budget", token, "{'name': 'B', 'parent': 3}");
        refused(400, "\"chef\" n'est pas connu|chef", "PUT", "/entities/budget", token, "{'name': 'B', 'chef': 'x'}");
        refused(400, "name", "PUT", "/entities/budget", token, "{}");
        refused(422, "parent", "PUT", "/entities/budget", token, "{'name': 'B', 'parent': 'Pas Un Code'}");
        refused(422, "nulle-part", "PUT", "/entities/budget", token, "{'name': 'B', 'parent': 'nulle-part'}");
        refused(409, "budget", "PUT", "/entities/energie", token, "{'name': 'B', 'parent': 'budget'}");
        refused(404, "rien", "GET", "/entities/nulle-part", token, null);
        refused(404, "rien", "GET", "/people/pas-une-adresse", token, null);
        refused(404, "rien", "GET", "/nulle-part", token, null);
        refused(405, "GET", "PATCH", "/entities/budget", token, null);
        refused(400, "limit", "GET", "/entities?limit=0", token, null);
        refused(400, "limit", "GET", "/entities?limite=3", token, null);
        refused(404, "0000", "DELETE", "/grants/00000000-0000-0000-0000-000000000000", token, null);
        refused(422, "rights", "POST", "/grants", token, "{'person': 'kofi.mensah@gouv.tg', 'rights': ['tout']}");
        refused(413, "64", "PUT", "/entities/budget", token, "{'name': '" + "x".repeat(70_000) + "'}");
        Told english = ask("GET", "/nulle-part", token, null, "Accept-Language", "en");
        assertThat(english.body().get("title").textValue()).contains("nothing");
        HttpResponse<String> form = api.send(HttpRequest.newBuilder(api.uri("/entities/budget"))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .PUT(BodyPublishers.ofString("name=B")));
        assertThat(form.statusCode()).isEqualTo(415);
        assertThat(query("select name from entity order by code"))
                .containsExactly("Service du budget", "Ministère de l'Énergie");
    }

    @Test
    void listsArePages() throws Exception {
        give(account(SmallState.AKOSSIWA).id(), Right.LOOK);
        String token = token("akossiwa.mensah@gouv.tg");
        JsonNode first =
                ask("GET", "/people?within=energie&limit=1", token, null).body();
        assertThat(first.get("items")).hasSize(1);
        assertThat(first.get("next").textValue()).isEqualTo("akossiwa.mensah@gouv.tg");
        JsonNode second = ask("GET", "/people?within=energie&limit=5&after=akossiwa.mensah@gouv.tg", token, null)
                .body();
        assertThat(second.get("items").get(0).get("given").textValue()).isEqualTo("Kofi");
        assertThat(second.get("items").get(0).get("positions").get(0).textValue())
                .isEqualTo("agent-budget");
        assertThat(second.get("next").isNull()).isTrue();
        assertThat(ask("GET", "/people", token, null).status())
                .as("the whole State")
                .isEqualTo(403);
    }

    @Test
    void peopleAreFoundAndHowTheirAccountIsIsShown() throws Exception {
        AccountId akossiwa = account(SmallState.AKOSSIWA).id();
        provisioning.grant(new Grant(
                new Grant.OfAccount(akossiwa),
                Set.of(Right.LOOK, Right.PEOPLE),
                Optional.of(new EntityCode("energie")),
                OptionalInt.of(5),
                Optional.empty(),
                Optional.empty()));
        String token = token("akossiwa.mensah@gouv.tg");
        JsonNode first =
                ask("GET", "/people?find=mens%C3%A0h&limit=1", token, null).body();
        assertThat(first.at("/items/0/given").textValue()).isEqualTo("Akossiwa");
        assertThat(first.get("counted").intValue()).isEqualTo(2);
        assertThat(first.get("more").booleanValue()).isFalse();
        JsonNode second = ask(
                        "GET",
                        "/people?find=mens%C3%A0h&limit=1&after="
                                + first.get("next").textValue(),
                        token,
                        null)
                .body();
        assertThat(second.at("/items/0/given").textValue()).isEqualTo("Kofi");
        assertThat(second.get("next").isNull()).isTrue();
        refused(400, "after", "GET", "/people?find=m&after=%3Cb%3E", token, null);
        refused(422, "100", "GET", "/people?find=" + "k".repeat(5_000), token, null);
        refused(422, "100", "GET", "/people?find=%25%00", token, null);
        refused(403, "look", "GET", "/people?find=m", token("kofi.mensah@gouv.tg"), null);
        JsonNode state = ask("GET", PERSON + "/state", token, null).body();
        assertThat(state.get("state").textValue()).isEqualTo("active");
        assertThat(state.get("waiting")).isEmpty();
        assertThat(state.get("bytes").intValue()).isEqualTo(512);
        assertThat(state.get("bytesMax").intValue()).isEqualTo(1_024);
        assertThat(state.has("messagesMax")).isFalse();
        JsonNode grant = ask("GET", "/me", token, null).body().at("/grants/0");
        assertThat(grant.get("accounts").intValue()).isEqualTo(2);
        assertThat(grant.get("accountsLeft").intValue()).isEqualTo(3);
        refused(422, "de", "PUT", "/me/language", token, "{'language': 'de'}");
    }

    @Test
    void anotherPasswordIsGivenWithTheOneThereIsOrWithACode() throws Exception {
        String token = token("kofi.mensah@gouv.tg");
        String next = "la pirogue rentre au port";
        refused(400, "current", "PUT", "/me/password", token, "{'password': '" + next + "'}");
        refused(
                422,
                "12",
                "PUT",
                "/me/password",
                token,
                "{'current': '" + PASSWORD.reveal() + "', 'password': 'court'}");
        refused(403, "actuel", "PUT", "/me/password", token, "{'current': 'faux', 'password': '" + next + "'}");
        AtomicBoolean ended = new AtomicBoolean();
        directories.sessions().began(kofi(PASSWORD.reveal()).orElseThrow(), Protocol.IMAP, HERE, () -> ended.set(true));
        assertThat(ask(
                                "PUT",
                                "/me/password",
                                token,
                                "{'current': '" + PASSWORD.reveal() + "', 'password': '" + next + "'}")
                        .status())
                .isEqualTo(204);
        assertThat(ask("GET", "/me", token, null).status()).isEqualTo(401);
        long until = System.nanoTime() + Duration.ofSeconds(5).toNanos();
        while (!ended.get() && System.nanoTime() < until) {
            Thread.sleep(10);
        }
        assertThat(ended).isTrue();
        assertThat(kofi(PASSWORD.reveal())).isEmpty();
        assertThat(kofi(next)).isPresent();

        String other = token("kofi.mensah@gouv.tg", next);
        byte[] secret = new Base32()
                .decode(ask("POST", "/me/second-factor", other, null)
                        .body()
                        .get("secret")
                        .textValue());
        String code = Totp.code(secret, clock.instant());
        String recovery = ask("PUT", "/me/second-factor", other, "{'code': '" + code + "'}")
                .body()
                .get("recoveryCodes")
                .get(0)
                .textValue();
        String factored = directories
                                .bearerTokens()
                                .issue("kofi.mensah@gouv.tg", new Secret(next), Optional.of(new Secret(recovery)), HERE)
                        instanceof BearerTokens.Outcome.Issued issued
                ? issued.token().reveal()
                : "";
        String last = "le marché ouvre à six heures";
        String wanted = "'password': '" + last + "'}";
        refused(401, "code", "PUT", "/me/password", factored, "{'current': '" + next + "', " + wanted);
        refused(422, "code", "PUT", "/me/password", factored, "{'code': '" + code + "', " + wanted);
        pass(Duration.ofSeconds(60));
        String fresh = Totp.code(secret, clock.instant());
        assertThat(ask("PUT", "/me/password", factored, "{'code': '" + fresh + "', " + wanted)
                        .status())
                .isEqualTo(204);
        assertThat(ask("GET", "/me", factored, null).status()).isEqualTo(401);
    }

    private Optional<SignIn.Granted> kofi(String secret) {
        return directories.signIns().signIn(SmallState.KOFI.toString(), new Secret(secret), HERE, Protocol.IMAP)
                        instanceof SignIn.Granted granted
                ? Optional.of(granted)
                : Optional.empty();
    }

    @Test
    void theOwnerReadsWhoHasOpenedTheAccountInSentences() throws Exception {
        String token = token("kofi.mensah@gouv.tg");
        JsonNode page = ask("GET", "/me/access?limit=2", token, null).body();
        assertThat(page.get("items")).hasSize(2);
        assertThat(page.get("items").get(0).get("fr").textValue())
                .isEqualTo(
                        "Mot de passe principal utilisé alors qu'un mot de passe d'appareil est demandé (imap, 196.168.17.0/24).");
        assertThat(page.get("items").get(1).get("en").textValue())
                .isEqualTo("Akossiwa Mensah (akossiwa.mensah@gouv.tg) looked at who has opened your account.");
        assertThat(page.get("next").textValue()).isEqualTo("7");
        assertThat(ask("GET", "/me/access?after=7&limit=2", token, null).body().get("items"))
                .isEmpty();
        refused(400, "after", "GET", "/me/access?after=x", token, null);
        JsonNode all = ask("GET", "/me/access", token, null).body().get("items");
        assertThat(List.of(2, 3, 4))
                .extracting(each -> all.get(each).get("fr").textValue())
                .containsExactly(
                        "Le programme a changé l'état du compte.",
                        "L'opérateur root, sur la machine, a arrêté la double authentification.",
                        "Quelqu'un vous a donné des droits.");
    }

    /** A trail of some rows; its own test reads the real one. */
    private List<AuditAbout.Told> told(UUID account, Optional<Circumstances> looker, OptionalLong before, int most) {
        if (before.isPresent()) {
            return List.of();
        }
        return List.of(
                        row(9, "sign-in", "account:" + account, Optional.of("secret:main-password"), "refused"),
                        row(
                                7,
                                "look-access",
                                "account:" + account(SmallState.AKOSSIWA).id(),
                                Optional.empty(),
                                "done"),
                        row(6, "directory-account-state", "program", Optional.empty(), "done"),
                        row(5, "directory-second-factor-off", "system-user:root", Optional.empty(), "done"),
                        row(4, "directory-grant", "account:" + UUID.randomUUID(), Optional.empty(), "done"))
                .subList(0, Math.min(5, most));
    }

    private AuditAbout.Told row(long number, String act, String actor, Optional<String> counterpart, String outcome) {
        return new AuditAbout.Told(
                number,
                clock.instant(),
                clock.instant(),
                1,
                act,
                actor,
                "account:x",
                counterpart,
                Optional.of("196.168.17.0/24"),
                Optional.of("imap"),
                outcome);
    }

    private void refused(int status, String says, String method, String path, String token, @Nullable String body)
            throws Exception {
        Told told = ask(method, path, token, body);
        assertThat(told.status()).as(path + " " + told.body()).isEqualTo(status);
        assertThat(told.body().get("title").textValue()).containsPattern(says);
        assertThat(told.body().get("type").textValue()).startsWith("urn:messagerie:problem:");
    }

    private UUID give(AccountId account, Right... rights) {
        return provisioning.grant(new Grant(
                new Grant.OfAccount(account),
                Set.of(rights),
                Optional.of(new EntityCode("energie")),
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty()));
    }

    private String token(String login) throws Exception {
        return token(login, PASSWORD.reveal());
    }

    private String token(String login, String password) throws Exception {
        return api.token(login, new Secret(password));
    }

    private Told ask(String method, String path, @Nullable String token, @Nullable String body, String... headers)
            throws Exception {
        return api.ask(method, path, token, body, headers);
    }
}
