package tg.gouv.messagerie.directory.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.PositionCode;
import tg.gouv.messagerie.directory.postgres.ApiUnderTest.Told;
import tg.gouv.messagerie.directory.provisioning.Position;
import tg.gouv.messagerie.directory.provisioning.RememberedRequests;
import tg.gouv.messagerie.directory.rights.Grant;
import tg.gouv.messagerie.directory.rights.Right;
import tg.gouv.messagerie.platform.database.Sql;
import tg.gouv.messagerie.platform.database.Uuid7;
import tg.gouv.messagerie.platform.settings.Secret;

/** A request with a key is done once, whatever happens to its answer (draft-ietf-httpapi-idempotency-key-header). */
class RememberedRequestsTest extends DirectoryTest {
    private static final Secret PASSWORD = new Secret("un-bon-mot-de-passe");
    private static final String GRANT = "{'position': 'agent-budget', 'rights': ['look'], 'entity': 'budget'}";
    private static final String RENAMED = "{'given': 'Kofi', 'family': 'Agbo', 'address': 'kofi.agbo@gouv.tg'}";

    private ApiUnderTest api;
    private String token = "";

    @BeforeAll
    void serve() {
        api = new ApiUnderTest(directories, ApiUnderTest.NOTHING_TOLD, clock);
    }

    @AfterAll
    void stop() {
        api.close();
    }

    @BeforeEach
    void provision() throws Exception {
        provisioning.apply(SmallState.state(Map.of(SmallState.AKOSSIWA, PASSWORD, SmallState.KOFI, PASSWORD)));
        provisioning.grant(new Grant(
                new Grant.OfAccount(account(SmallState.AKOSSIWA).id()),
                Set.of(Right.values()),
                Optional.of(new EntityCode("energie")),
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty()));
        pass(Duration.ofDays(1));
        token = api.token(SmallState.AKOSSIWA.toString(), PASSWORD);
        trail.events().clear();
    }

    @Test
    void aRepeatedRequestIsAnsweredAsTheFirstTimeAndDoneOnce() throws Exception {
        Told first = ask("POST", "/grants", GRANT, "\"clef-1\"");
        assertThat(first.status()).isEqualTo(201);
        Told repeated = ask("POST", "/grants", GRANT, "clef-1");
        assertThat(repeated.status()).isEqualTo(201);
        assertThat(repeated.body()).as("the same key, bare").isEqualTo(first.body());
        assertThat(grants()).isEqualTo(1);
        assertThat(ask("POST", "/grants", GRANT, "clef-2").body()).isNotEqualTo(first.body());
        assertThat(grants()).isEqualTo(2);
        assertThat(ask("POST", "/people/kofi.mensah@gouv.tg/renaming", RENAMED, "nom")
                        .body()
                        .get("changes"))
                .hasSize(1);
        Told again = ask("POST", "/people/kofi.mensah@gouv.tg/renaming", RENAMED, "nom");
        assertThat(again.body().get("changes")).as("as the first time").hasSize(1);
    }

    @Test
    void whatWasChangedOnlyIfItWasAsSeenIsSoAgain() throws Exception {
        String body = "{'name': 'Budget', 'parent': 'energie'}";
        String tag = api.ask("GET", "/entities/budget", token, null).tag().orElseThrow();
        Told first = api.ask("PUT", "/entities/budget", token, body, "If-Match", tag, "Idempotency-Key", "\"k\"");
        Told again = api.ask("PUT", "/entities/budget", token, body, "If-Match", tag, "Idempotency-Key", "\"k\"");
        assertThat(first.status()).isEqualTo(200);
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.tag()).isEqualTo(first.tag()).isPresent();
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(api.ask("PUT", "/entities/budget", token, body, "If-Match", tag)
                        .status())
                .as("without the key")
                .isEqualTo(412);
    }

    @Test
    void aKeyIsOfOneRequestOfOneSender() throws Exception {
        Told first = ask("POST", "/grants", GRANT, "k");
        refused(422, "autre demande", ask("POST", "/grants", GRANT.replace("look", "audit"), "k"));
        refused(422, "autre demande", ask("POST", "/people/kofi.mensah@gouv.tg/suspension", null, "k"));
        Told other = api.ask(
                "POST", "/grants", api.token(SmallState.KOFI.toString(), PASSWORD), GRANT, "Idempotency-Key", "k");
        assertThat(other.status())
                .as("Kofi has not the right, and his own keys")
                .isEqualTo(403);
        assertThat(ask("POST", "/grants", GRANT, "k").body()).isEqualTo(first.body());
        assertThat(grants()).isEqualTo(1);
    }

    @Test
    void ofTwoAtOnceOneIsDoneAndTheOtherToldSo() throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        CompletableFuture<?> holder = CompletableFuture.runAsync(
                () -> look.transaction(c -> {
                    new Write(c, clock.instant(), new Uuid7(clock, new SecureRandom())).begin();
                    held.countDown();
                    return await(release);
                }),
                threads());
        assertThat(held.await(10, TimeUnit.SECONDS)).isTrue();
        CompletableFuture<Told> first = CompletableFuture.supplyAsync(() -> unchecked(GRANT), threads());
        while (query("select count(*)::text from pg_locks where locktype = 'advisory' and not granted")
                .equals(List.of("0"))) {
            Thread.onSpinWait();
        }
        refused(409, "en cours", ask("POST", "/grants", GRANT, "k"));
        release.countDown();
        holder.get(10, TimeUnit.SECONDS);
        assertThat(first.get(10, TimeUnit.SECONDS).status()).isEqualTo(201);
        assertThat(ask("POST", "/grants", GRANT, "k").body())
                .isEqualTo(first.get().body());
        assertThat(grants()).isEqualTo(1);
    }

    @Test
    void whoeverIsKilledAtAnyStatementOrBeforeTheAnswerHasDoneItOnce() throws Exception {
        DyingDatabase dying = new DyingDatabase(database);
        try (Directories other =
                        Directories.open(dying, settings(), data, trail, (_, _) -> {}, clock, new SecureRandom());
                ApiUnderTest mortal = new ApiUnderTest(other, ApiUnderTest.NOTHING_TOLD, clock)) {
            int statements = 0;
            dying.afterTheCommit(true);
            do {
                assertThat(grants()).as("killed at statement %s", statements).isZero();
                dying.after(++statements);
                assertThat(mortal.ask("POST", "/grants", token, GRANT, "Idempotency-Key", "k")
                                .status())
                        .isEqualTo(503);
            } while (grants() == 0);
            assertThat(statements).isGreaterThan(5);
        }
        Told repeated = ask("POST", "/grants", GRANT, "k");
        assertThat(repeated.status()).isEqualTo(201);
        assertThat(query("select id::text from right_grant where position_id is not null"))
                .containsExactly(repeated.body().get("id").textValue());
    }

    @Test
    void aSecretIsShownOnceAndKeptNowhere() throws Exception {
        String device = "{'name': 'Téléphone', 'protocols': ['imap']}";
        String password =
                ask("POST", "/me/devices", device, "k").body().get("password").textValue();
        refused(409, "secret", ask("POST", "/me/devices", device, "k"));
        String code = ask("POST", "/people/kofi.mensah@gouv.tg/activation-code?reset=true", null, "c")
                .body()
                .get("code")
                .textValue();
        refused(409, "secret", ask("POST", "/people/kofi.mensah@gouv.tg/activation-code?reset=true", null, "c"));
        assertThat(query("select k::text from request_key k order by key"))
                .hasSize(2)
                .noneMatch(row -> row.contains(password) || row.contains(code));
        assertThat(query("select name from device_password")).containsExactly("Téléphone");
    }

    @Test
    void whatWasRefusedIsJudgedAgain() throws Exception {
        String body = "{'to': 'juriste'}";
        refused(422, "juriste", ask("POST", "/people/kofi.mensah@gouv.tg/reassignment", body, "k"));
        provisioning.position(new Position(new PositionCode("juriste"), "Juriste", SmallState.BUDGET_SERVICE));
        assertThat(ask("POST", "/people/kofi.mensah@gouv.tg/reassignment", body, "k")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void aWrongCodeIsCountedWithAKeyToo() throws Exception {
        UUID owner = account(SmallState.AKOSSIWA).id().value();
        look.autoCommit(c -> Sql.update(
                c,
                "insert into second_factor(account_id, secret, made, confirmed) values (?, ?, now(), now())",
                owner,
                new byte[20]));
        for (int i = 0; i < 2; i++) {
            assertThat(ask("DELETE", "/me/second-factor", "{'code': 'faux'}", "k")
                            .status())
                    .isEqualTo(422);
        }
        assertThat(query("select failures::text from second_factor")).containsExactly("2");
    }

    @Test
    void anAnswerIsRepeatedForADayAndThenForgotten() throws Exception {
        Told first = ask("POST", "/grants", GRANT, "k");
        pass(RememberedRequests.KEPT.plusSeconds(1));
        token = api.token(SmallState.AKOSSIWA.toString(), PASSWORD);
        directories.rememberedRequests().sweep();
        assertThat(query("select key from request_key")).isEmpty();
        assertThat(ask("POST", "/grants", GRANT, "k").body()).isNotEqualTo(first.body());
        assertThat(ask("POST", "/grants", GRANT, "vieille").status()).isEqualTo(201);
        pass(RememberedRequests.KEPT.plusSeconds(1));
        token = api.token(SmallState.AKOSSIWA.toString(), PASSWORD);
        assertThat(ask("POST", "/grants", GRANT.replace("look", "audit"), "vieille")
                        .status())
                .as("not swept yet, and over")
                .isEqualTo(201);
    }

    @Test
    void keysHaveABoundInLengthAndNumber() throws Exception {
        assertThat(ask("POST", "/grants", GRANT, "k".repeat(RememberedRequests.KEY_MAX))
                        .status())
                .isEqualTo(201);
        refused(400, "100", ask("POST", "/grants", GRANT, "k".repeat(RememberedRequests.KEY_MAX + 1)));
        refused(400, "100", ask("POST", "/grants", GRANT, "\"ouverte"));
        refused(400, "100", ask("POST", "/grants", GRANT, "\"\""));
        refused(
                400,
                "une fois",
                api.ask("POST", "/grants", token, GRANT, "Idempotency-Key", "a", "Idempotency-Key", "b"));
        UUID owner = account(SmallState.AKOSSIWA).id().value();
        look.autoCommit(c -> Sql.update(c, """
                insert into request_key(account_id, key, request, status, secret, made)
                select ?, 'n' || n, decode(repeat('00', 32), 'hex'), 204, false, ? from generate_series(1, ?) n
                """, owner, Times.of(clock.instant()), RememberedRequests.KEYS_MAX));
        refused(429, "10000", ask("POST", "/grants", GRANT, "une-de-trop"));
        assertThat(ask("POST", "/people/kofi.mensah@gouv.tg/suspension", null, "n1")
                        .status())
                .as("those it has serve")
                .isEqualTo(422);
    }

    @Test
    void theDescriptionTellsWhereAKeyIsTaken() throws Exception {
        JsonNode document = api.ask("GET", "/openapi.json", null, null).body();
        assertThat(document.at("/components/parameters/Idempotency-Key/in").textValue())
                .isEqualTo("header");
        String reference = "#/components/parameters/Idempotency-Key";
        assertThat(document.at("/paths/~1grants/post/parameters").findValuesAsText("$ref"))
                .containsExactly(reference);
        assertThat(document.at("/paths/~1entities~1{code}/put/parameters").findValuesAsText("$ref"))
                .containsExactly(reference);
        assertThat(document.at("/paths/~1entities/get/parameters").findValuesAsText("$ref"))
                .isEmpty();
        assertThat(document.at("/paths/~1tokens/post/parameters").findValuesAsText("$ref"))
                .isEmpty();
        assertThat(document.at(
                                "/paths/~1me~1devices/post/responses/201/content/application~1json/schema/properties/password/description")
                        .textValue())
                .contains("shown once");
    }

    private Told ask(String method, String path, @Nullable String body, String key) throws Exception {
        return api.ask(method, path, token, body, "Idempotency-Key", key);
    }

    private Told unchecked(String body) {
        try {
            return ask("POST", "/grants", body, "k");
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean await(CountDownLatch latch) {
        try {
            return latch.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Executor threads() {
        return Thread::startVirtualThread;
    }

    private static void refused(int status, String says, Told told) {
        assertThat(told.status()).as("%s", told.body()).isEqualTo(status);
        assertThat(told.body().get("title").textValue()).contains(says);
    }

    private int grants() {
        return query("select id::text from right_grant where position_id is not null")
                .size();
    }
}
