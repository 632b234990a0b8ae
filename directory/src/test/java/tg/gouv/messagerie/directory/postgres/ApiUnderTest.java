package tg.gouv.messagerie.directory.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import tg.gouv.messagerie.directory.access.AccessLedger;
import tg.gouv.messagerie.directory.access.PartLedger;
import tg.gouv.messagerie.directory.admin.AdministrationApi;
import tg.gouv.messagerie.directory.help.HelpDesk;
import tg.gouv.messagerie.directory.help.PersonalUsage;
import tg.gouv.messagerie.directory.help.PersonalUsage.Usage;
import tg.gouv.messagerie.directory.personal.LedgerFile;
import tg.gouv.messagerie.directory.personal.PersonalArchives;
import tg.gouv.messagerie.platform.audit.AuditAbout;
import tg.gouv.messagerie.platform.audit.AuditTrail;
import tg.gouv.messagerie.platform.audit.AuditWalk;
import tg.gouv.messagerie.platform.audit.MemoryTrail;
import tg.gouv.messagerie.platform.http.HttpServer;
import tg.gouv.messagerie.platform.http.HttpSettings;
import tg.gouv.messagerie.platform.settings.Endpoint;
import tg.gouv.messagerie.platform.settings.Secret;

/** The administration's API of a directory, served on loopback, and a client that asks it. */
final class ApiUnderTest implements AutoCloseable {
    static final AuditWalk NOTHING_WALKED = (_, _, _) -> new AuditWalk.Stretch(List.of(), OptionalLong.empty());

    /** Half of what may be held. */
    static final PersonalUsage USAGE = _ -> new Usage(512, OptionalLong.of(1_024), 3, OptionalLong.empty());

    static final AuditAbout NOTHING_TOLD = (_, _, _, _) -> List.of();

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client = HttpClient.newHttpClient();
    private final HttpServer server;

    ApiUnderTest(Directories directories, AuditAbout about, InstantSource clock) {
        this(
                directories,
                about,
                new PersonalArchives(
                        directories.personalFacts(),
                        List.of(new LedgerFile(new AccessLedger(about, directories.directory(), clock)))),
                clock);
    }

    ApiUnderTest(Directories directories, AuditAbout about, PersonalArchives archives, InstantSource clock) {
        this(directories, about, archives, NOTHING_WALKED, new MemoryTrail(), clock);
    }

    ApiUnderTest(
            Directories directories,
            AuditAbout about,
            PersonalArchives archives,
            AuditWalk walk,
            AuditTrail trail,
            InstantSource clock) {
        server = HttpServer.startOnLoopback(
                HttpSettings.byDefault().at(new Endpoint("127.0.0.1", 0)),
                Map.of(
                        AdministrationApi.PREFIX,
                        new AdministrationApi(
                                directories.register(),
                                directories.provisioning(),
                                directories.rights(),
                                directories.bearerTokens(),
                                directories.activationCodes(),
                                directories.devicePasswords(),
                                directories.sessions(),
                                directories.secondFactors(),
                                directories.directory(),
                                directories.signIns(),
                                new AccessLedger(about, directories.directory(), clock),
                                directories.rememberedRequests(),
                                archives,
                                directories.imports(),
                                directories.importFiles(),
                                directories.people(),
                                new HelpDesk(directories.personStates(), USAGE),
                                new PartLedger(
                                        walk,
                                        about,
                                        directories.partPlaces(),
                                        directories.rights(),
                                        directories.directory(),
                                        trail,
                                        clock),
                                clock)));
    }

    /** What was answered. */
    record Told(int status, JsonNode body, String headers, Optional<String> tag) {}

    /** @param body with single quotes for double ones */
    Told ask(String method, String path, @Nullable String token, @Nullable String body, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path))
                .method(
                        method,
                        body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body.replace('\'', '"')));
        if (body != null) {
            request.header("Content-Type", body.startsWith("{") ? "application/json" : "text/csv");
        }
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        HttpResponse<String> answer = send(request);
        return new Told(
                answer.statusCode(),
                !answer.headers().firstValue("content-type").orElse("").contains("json")
                        ? JSON.createObjectNode()
                        : JSON.readTree(answer.body()),
                answer.headers().map().toString(),
                answer.headers().firstValue("etag"));
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    String token(String login, Secret password) throws IOException, InterruptedException {
        Told told = ask("POST", "/tokens", null, "{'login': '" + login + "', 'password': '" + password.reveal() + "'}");
        assertThat(told.status()).isEqualTo(201);
        return told.body().get("token").textValue();
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.port() + AdministrationApi.PREFIX + path);
    }

    @Override
    public void close() {
        server.close();
        client.close();
    }
}
