package tg.gouv.messagerie.directory.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.imports.MadeFile;
import tg.gouv.messagerie.directory.rights.Grant;
import tg.gouv.messagerie.directory.rights.Right;
import tg.gouv.messagerie.platform.database.Sql;
import tg.gouv.messagerie.platform.settings.Secret;

/** A focal point's file over HTTP: brought, looked at page by page, imported, corrected, undone. */
class ImportsOverHttpTest extends DirectoryTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Secret PASSWORD = new Secret("un-bon-mot-de-passe");

    private ApiUnderTest api;

    @BeforeAll
    void serve() {
        api = new ApiUnderTest(directories, ApiUnderTest.NOTHING_TOLD, clock);
    }

    @AfterAll
    void stop() {
        api.close();
    }

    @BeforeEach
    void provision() {
        look.autoCommit(c -> Sql.update(c, "truncate bearer_token, import cascade"));
        provisioning.apply(SmallState.state(Map.of(SmallState.AKOSSIWA, PASSWORD, SmallState.KOFI, PASSWORD)));
        look.autoCommit(c -> Sql.update(
                c,
                "insert into address_rule(entity_id, rule) select id, '{given}.{family}@gouv.tg' from entity"
                        + " where code = 'energie' on conflict do nothing"));
        pass(Duration.ofDays(1));
    }

    private void give(AccountId account) {
        provisioning.grant(new Grant(
                new Grant.OfAccount(account),
                Set.of(Right.PEOPLE, Right.LOOK),
                Optional.of(new EntityCode("energie")),
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty()));
    }

    @Test
    void aFocalPointImportsTwoThousandPeopleWithThreeFaultsCorrectsAndUndoes() throws Exception {
        give(account(SmallState.AKOSSIWA).id());
        String token = token("akossiwa.mensah@gouv.tg");
        String file = "matricule;prenoms;nom;entite\n"
                + IntStream.range(0, 2_140)
                        .mapToObj(i -> switch (i) {
                            case 7 -> "7;=cmd();Sept;budget\n";
                            case 1_000 -> "1000;Afi;Mille;finances\n";
                            case 2_000 -> "5;Afi;Double;budget\n";
                            default -> i + ";Afi;Nom" + i + ";budget\n";
                        })
                        .collect(Collectors.joining());
        JsonNode brought = ask("POST", "/import-files?name=agents.csv", token, file(file), 201);
        String id = brought.get("id").textValue();
        assertThat(brought.get("state").textValue()).isEqualTo("looked");
        assertThat(brought.get("made").intValue()).isEqualTo(2_137);
        assertThat(brought.get("refused").intValue()).isEqualTo(3);
        assertThat(people()).isZero();

        List<String> problems = new ArrayList<>();
        String after = "";
        do {
            JsonNode page = ask("GET", "/import-files/" + id + "/problems?limit=2" + after, token, none(), 200);
            page.get("items")
                    .forEach(it -> problems.add(it.get("kind").textValue() + " " + it.get("line") + " "
                            + it.get("column").textValue() + " "
                            + it.path("otherLine").asInt()));
            after = page.has("next") ? "&after=" + page.get("next").textValue() : "";
        } while (!after.isEmpty());
        assertThat(problems)
                .containsExactly(
                        "formula 9 prenoms 0", "unknown-entity 1002 entite 0", "number-twice 2002 matricule 7");
        JsonNode changes = ask("GET", "/import-files/" + id + "/changes?limit=1000&after=2000", token, none(), 200);
        assertThat(changes.get("items")).hasSize(137);
        assertThat(changes.get("items").get(0).get("sentence").textValue()).contains("nouvelle personne");

        HttpResponse<String> refused = send("GET", "/import-files/" + id + "/refused", token, none());
        assertThat(refused.headers().firstValue("content-type")).contains("text/csv; charset=utf-8");
        assertThat(refused.body().lines()).hasSize(4).first().isEqualTo("matricule;prenoms;nom;entite;probleme");

        ask("POST", "/import-files/" + id + "/application", token, none(), 202);
        JsonNode done = awaitEnd(id, token);
        assertThat(done.get("state").textValue()).as(done.toString()).isEqualTo("done");
        assertThat(done.get("done").longValue()).isLessThanOrEqualTo(2_137);
        assertThat(people()).isEqualTo(2_137);
        assertThat(ask("POST", "/import-files/" + id + "/application", token, none(), 409)
                        .get("type")
                        .textValue())
                .endsWith("import-begun");

        String corrected = refused.body()
                .replace("'=cmd()", "Ama")
                .replace(";finances;", ";budget;")
                .replace("\n5;Afi", "\n5000;Afi");
        JsonNode second = ask("POST", "/import-files", token, file(corrected), 201);
        assertThat(second.get("made").intValue()).isEqualTo(3);

        JsonNode listed = ask("GET", "/imports", token, none(), 200);
        assertThat(listed.get("items")).hasSize(1);
        String imported = listed.get("items").get(0).get("id").textValue();
        assertThat(imported).isEqualTo(done.get("import").textValue());
        assertThat(ask("POST", "/imports/" + imported + "/undoing", token, none(), 200)
                        .get("undone")
                        .intValue())
                .isEqualTo(2_137);
        assertThat(people()).isZero();
        assertThat(ask("POST", "/imports/" + imported + "/undoing", token, none(), 409)
                        .get("title")
                        .textValue())
                .contains("déjà défait");
    }

    @Test
    void aFileIsOfWhoBroughtItAlone() throws Exception {
        give(account(SmallState.AKOSSIWA).id());
        give(account(SmallState.KOFI).id());
        String owner = token("akossiwa.mensah@gouv.tg");
        String other = token("kofi.mensah@gouv.tg");
        String at = "/import-files/"
                + ask("POST", "/import-files", owner, file("matricule;nom;entite\n1;Un;budget\n"), 201)
                        .get("id")
                        .textValue();
        for (String path : List.of(at, at + "/problems", at + "/changes", at + "/refused")) {
            ask("GET", path, other, none(), 404);
        }
        ask("POST", at + "/application", other, none(), 404);
        ask("DELETE", at, other, none(), 404);
        assertThat(people()).isZero();
        ask("DELETE", at, owner, none(), 204);
        ask("GET", at, owner, none(), 404);
        assertThat(query("select count(*)::text from import_file_part")).containsExactly("0");
    }

    @Test
    void whatIsNoFileOrTooMuchIsRefusedAndLeavesNothing() throws Exception {
        give(account(SmallState.AKOSSIWA).id());
        String token = token("akossiwa.mensah@gouv.tg");
        assertThat(ask("POST", "/import-files", token, file("a;b\n1;2\n"), 422)
                        .get("title")
                        .textValue())
                .contains("matricule");
        assertThat(ask("POST", "/import-files", token, file(""), 422)
                        .get("title")
                        .textValue())
                .contains("vide");
        byte[] megabyte = ("9;" + "x".repeat(1 << 20) + "\n").getBytes(UTF_8);
        BodyPublisher huge = BodyPublishers.ofInputStream(() -> new MadeFile(Stream.concat(
                        Stream.of("matricule;nom\n".getBytes(UTF_8)),
                        Stream.generate(() -> megabyte).limit(70))
                .iterator()));
        HttpResponse<String> large = send("POST", "/import-files", token, huge);
        assertThat(large.statusCode()).as(large.body()).isEqualTo(413);
        assertThat(query("select count(*)::text from import_file")).containsExactly("0");
        for (int i = 0; i < 7; i++) {
            ask("POST", "/import-files?name=f" + i, token, file("matricule;nom\n"), 201);
        }
        assertThat(query("select name from import_file order by made, id"))
                .containsExactly("f2", "f3", "f4", "f5", "f6");
        pass(Duration.ofDays(2));
        ask("POST", "/import-files?name=last", token("akossiwa.mensah@gouv.tg"), file("matricule;nom\n"), 201);
        assertThat(query("select name from import_file")).containsExactly("last");
    }

    @Test
    void anImportThatWasKilledIsBegunAgainAndOneThatFailsSaysWhy() throws Exception {
        give(account(SmallState.AKOSSIWA).id());
        String token = token("akossiwa.mensah@gouv.tg");
        String id = ask("POST", "/import-files", token, file("matricule;nom;entite\n1;Un;budget\n"), 201)
                .get("id")
                .textValue();
        look.autoCommit(c -> Sql.update(c, "update import_file set state = 'running'"));
        ask("POST", "/import-files/" + id + "/application", token, none(), 409);
        pass(Duration.ofMinutes(1));
        look.autoCommit(c -> Sql.update(c, "delete from import_file_part")); // the file is gone
        ask("POST", "/import-files/" + id + "/application", token, none(), 202);
        JsonNode failed = awaitEnd(id, token);
        assertThat(failed.get("state").textValue()).isEqualTo("failed");
        assertThat(failed.get("failure").textValue()).contains("vide");
        assertThat(people()).isZero();
    }

    private JsonNode awaitEnd(String id, String token) throws Exception {
        for (int i = 0; i < 600; i++) {
            JsonNode file = ask("GET", "/import-files/" + id, token, none(), 200);
            if (!file.get("state").textValue().equals("running")) {
                return file;
            }
            Thread.sleep(50);
        }
        throw new IllegalStateException("it runs for ever");
    }

    private long people() {
        return Long.parseLong(query("select count(*)::text from person where registration_number is not null")
                .getFirst());
    }

    private String token(String login) throws Exception {
        return api.token(login, PASSWORD);
    }

    private static BodyPublisher file(String text) {
        return BodyPublishers.ofString(text);
    }

    private static BodyPublisher none() {
        return BodyPublishers.noBody();
    }

    private JsonNode ask(String method, String path, String token, BodyPublisher body, int status) throws Exception {
        HttpResponse<String> answer = send(method, path, token, body);
        assertThat(answer.statusCode()).as(path + " " + answer.body()).isEqualTo(status);
        return answer.body().startsWith("{") ? JSON.readTree(answer.body()) : JSON.createObjectNode();
    }

    private HttpResponse<String> send(String method, String path, String token, BodyPublisher body) throws Exception {
        return api.send(HttpRequest.newBuilder(api.uri(path))
                .method(method, body)
                .header("Content-Type", "text/csv")
                .header("Authorization", "Bearer " + token));
    }
}
