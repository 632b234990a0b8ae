package tg.gouv.messagerie.directory.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.stream.LongStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.GroupCode;
import tg.gouv.messagerie.directory.personal.PersonalArchives;
import tg.gouv.messagerie.directory.provisioning.Group;
import tg.gouv.messagerie.directory.provisioning.Member;
import tg.gouv.messagerie.directory.rights.Grant;
import tg.gouv.messagerie.directory.rights.Right;
import tg.gouv.messagerie.directory.signin.SignIns.Protocol;
import tg.gouv.messagerie.platform.audit.Actor;
import tg.gouv.messagerie.platform.audit.AuditAbout;
import tg.gouv.messagerie.platform.audit.AuditEvent;
import tg.gouv.messagerie.platform.audit.Circumstances;
import tg.gouv.messagerie.platform.audit.Origin;
import tg.gouv.messagerie.platform.language.BothLanguages;
import tg.gouv.messagerie.platform.settings.Secret;

/** Who asks gets everything that the directory keeps of them, and no secret (loi 2019-014). */
class PersonalArchiveTest extends DirectoryTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Secret PASSWORD = new Secret("un-bon-mot-de-passe");

    /** Tables that name accounts and say nothing of a person, or say it in the lines of others. */
    private static final Set<String> OTHERS =
            Set.of("function_mailbox", "room", "group_member", "ldap_index", "recovery_code");

    private final HttpClient client = HttpClient.newHttpClient();
    private ApiUnderTest api;

    @BeforeAll
    void serve() {
        api = new ApiUnderTest(directories, this::told, clock);
    }

    @AfterAll
    void stop() {
        client.close();
        api.close();
    }

    @BeforeEach
    void provision() {
        provisioning.apply(SmallState.state(Map.of(SmallState.AKOSSIWA, PASSWORD, SmallState.KOFI, PASSWORD)));
        pass(Duration.ofDays(1));
        trail.events().clear();
    }

    @Test
    void oneGetsWhatIsKeptOfOneself() throws Exception {
        provisioning.group(new Group(
                new GroupCode("agents"),
                "=Agents",
                SmallState.ENERGY,
                Set.of(new Member.OfAccount(SmallState.AKOSSIWA))));
        String device = directories
                .devicePasswords()
                .issue(account(SmallState.AKOSSIWA).id(), "Téléphone", Set.of(Protocol.IMAP), Optional.empty())
                .password()
                .reveal();
        provisioning.grant(new Grant(
                new Grant.OfPosition(SmallState.DIRECTOR),
                Set.of(Right.LOOK),
                Optional.of(new EntityCode("budget")),
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty()));
        directories
                .webSessions()
                .begin(SmallState.AKOSSIWA.toString(), PASSWORD, InetAddress.getLoopbackAddress(), "Firefox/140.0");
        Map<String, String> files = archive("/me/archive", api.token(SmallState.AKOSSIWA.toString(), PASSWORD));
        JsonNode facts = JSON.readTree(files.get("annuaire.json"));
        assertThat(facts.at("/identity/0/given").textValue()).isEqualTo("Akossiwa");
        assertThat(facts.at("/positions/0/position").textValue()).isEqualTo("directeur-budget");
        assertThat(facts.at("/rights/0/byPosition").textValue()).isEqualTo("directeur-budget");
        assertThat(facts.at("/functionMailboxes/0/address").textValue()).isEqualTo("directeur.budget@gouv.tg");
        assertThat(facts.at("/devices/0/name").textValue()).isEqualTo("Téléphone");
        assertThat(facts.at("/apiTokens")).hasSize(1);
        assertThat(facts.at("/webSessions/0/program").textValue()).isEqualTo("Firefox");
        assertThat(files.get("annuaire/addresses.csv"))
                .contains("address;role;since\r\nakossiwa.mensah@gouv.tg;primary;");
        assertThat(files.get("annuaire/groups.csv"))
                .as("no spreadsheet computes it")
                .contains("agents;'=Agents");
        assertThat(files.getOrDefault("acces.csv", "").lines()).hasSize(1 + 2_500);
        assertThat(files.get("LISEZ-MOI.txt")).contains("loi 2019-014").contains("Your data");
        String hash = query("select hash from credential limit 1").getFirst();
        assertThat(files.values()).noneMatch(it -> it.contains(device) || it.contains(hash) || it.contains("argon2"));
        assertThat(files.values()).as("nothing of others").noneMatch(it -> it.contains("Kofi"));
        assertThat(trail.events().stream().map(AuditEvent::act)).contains("directory-person-export");
    }

    @Test
    void anothersNeedsTheRightAndWhateverTheirAccountOpens() throws Exception {
        String kofi = api.token(SmallState.KOFI.toString(), PASSWORD);
        String path = "/people/" + SmallState.AKOSSIWA + "/archive";
        assertThat(api.ask("GET", path, kofi, null).status()).isEqualTo(403);
        give(Right.PERSONAL_DATA);
        assertThat(api.ask("GET", path, kofi, null).status())
                .as("her function mailbox would be read too")
                .isEqualTo(403);
        assertThat(trail.events().stream().map(AuditEvent::act)).doesNotContain("directory-person-export");
        give(Right.CREDENTIALS);
        assertThat(archive(path, kofi)).containsKey("annuaire.json");
        AuditEvent read = trail.events().stream()
                .filter(it -> it.act().equals("directory-person-export"))
                .findFirst()
                .orElseThrow();
        assertThat(read.circumstances().actor())
                .isEqualTo(new Actor.Account(account(SmallState.KOFI).id().value()));
        assertThat(read.subject().id())
                .isEqualTo(account(SmallState.AKOSSIWA).id().toString());
    }

    @Test
    void anArchiveThatCannotBeWrittenEndsInNoZip() {
        PersonalArchives broken = new PersonalArchives(
                directories.personalFacts(),
                List.of((_, archive) -> archive.file("courrier.mbox", _ -> {
                    throw new IOException("a damaged message");
                })));
        try (ApiUnderTest other = new ApiUnderTest(directories, ApiUnderTest.NOTHING_TOLD, broken, clock)) {
            String token = other.token(SmallState.KOFI.toString(), PASSWORD);
            assertThat(catchIo(() -> other.send(HttpRequest.newBuilder(other.uri("/me/archive"))
                            .header("Authorization", "Bearer " + token))))
                    .isTrue();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void everyTableThatNamesAccountsIsToldOf() {
        assertThat(query("""
                select distinct c.conrelid::regclass::text from pg_constraint c
                where c.contype = 'f' and c.confrelid in ('account'::regclass, 'person'::regclass) order by 1
                """))
                .isNotEmpty()
                .allSatisfy(table -> assertThat(OTHERS.contains(table)
                                || PostgresPersonalFacts.facts().stream()
                                        .anyMatch(sql -> sql.matches("(?s).*\\b" + table + "\\b.*")))
                        .as("an archive tells of %s, or the test says why not", table)
                        .isTrue());
    }

    @Test
    void itsSentencesAreInBothLanguages() {
        BothLanguages.sayTheSameBeside(PersonalArchives.class);
    }

    /** Two and a half pages of a trail. */
    private List<AuditAbout.Told> told(UUID account, Optional<Circumstances> looker, OptionalLong before, int most) {
        long from = before.orElse(2_501) - 1;
        return LongStream.iterate(from, n -> n > 0, n -> n - 1)
                .limit(most)
                .mapToObj(n -> new AuditAbout.Told(
                        n,
                        clock.instant(),
                        clock.instant(),
                        1,
                        "sign-in",
                        "account:" + account,
                        "account:" + account,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        "done"))
                .toList();
    }

    private void give(Right right) {
        new Circumstances(clock.instant(), new Actor.Program(), Optional.empty(), new Origin.Here())
                .run(() -> provisioning.grant(new Grant(
                        new Grant.OfAccount(account(SmallState.KOFI).id()),
                        Set.of(right),
                        Optional.of(new EntityCode("energie")),
                        OptionalInt.empty(),
                        Optional.empty(),
                        Optional.empty())));
    }

    private interface Ask {
        void now() throws IOException, InterruptedException;
    }

    private static boolean catchIo(Ask ask) throws InterruptedException {
        try {
            ask.now();
            return false;
        } catch (IOException _) {
            return true;
        }
    }

    private Map<String, String> archive(String path, String token) throws Exception {
        HttpResponse<byte[]> answer = client.send(
                HttpRequest.newBuilder(api.uri(path))
                        .header("Authorization", "Bearer " + token)
                        .build(),
                BodyHandlers.ofByteArray());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("content-type")).contains("application/zip");
        Map<String, String> files = new LinkedHashMap<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(answer.body()))) {
            for (ZipEntry each = zip.getNextEntry(); each != null; each = zip.getNextEntry()) {
                files.put(each.getName(), new String(zip.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        return files;
    }
}
