package tg.gouv.messagerie.mail.james;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.mail.JmapKey;
import tg.gouv.messagerie.mail.JmapPrincipal;

/** One person's JMAP client, as our HTTP door lets it in. */
final class JmapClient implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final TestMail mail;
    private final JmapPrincipal principal;
    private final HttpClient http = HttpClient.newHttpClient();
    private final String account;

    JmapClient(TestMail mail, MailAddress person) throws IOException, InterruptedException {
        this.mail = mail;
        this.principal = mail.principal(person);
        JsonNode session =
                JSON.readTree(send("/jmap/session", request -> request.GET()).body());
        this.account = session.path("primaryAccounts")
                .path("urn:ietf:params:jmap:mail")
                .asText();
    }

    private interface Verb {
        HttpRequest.Builder on(HttpRequest.Builder request);
    }

    private HttpRequest request(String path, Verb verb) {
        return verb.on(HttpRequest.newBuilder(URI.create(mail.server().jmap() + path))
                        .header("Accept", "application/json; jmapVersion=rfc-8621")
                        .header(JmapKey.HEADER, mail.server().jmapKey().sign(principal)))
                .build();
    }

    private HttpResponse<String> send(String path, Verb verb) throws IOException, InterruptedException {
        return http.send(request(path, verb), HttpResponse.BodyHandlers.ofString());
    }

    /** Calls one method, and returns its arguments. */
    JsonNode call(String method, String arguments) throws IOException, InterruptedException {
        String body = "{\"using\":[\"urn:ietf:params:jmap:core\",\"urn:ietf:params:jmap:mail\","
                + "\"urn:ietf:params:jmap:submission\",\"urn:apache:james:params:jmap:mail:shares\"],\"methodCalls\":[[\""
                + method + "\",{\"accountId\":\""
                + account
                + "\"" + (arguments.isEmpty() ? "" : "," + arguments) + "},\"c\"]]}";
        HttpResponse<String> response = send(
                "/jmap",
                request -> request.header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body)));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return JSON.readTree(response.body()).path("methodResponses").path(0).path(1);
    }

    /** What is answered to a request, whatever it is. */
    String post(String body) throws IOException, InterruptedException {
        HttpResponse<String> response = send(
                "/jmap",
                request -> request.header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body)));
        return response.statusCode() + " " + response.body();
    }

    /** What is answered to bytes that are sent. */
    HttpResponse<String> uploading(byte[] bytes) throws IOException, InterruptedException {
        return send(
                "/upload/" + account,
                request -> request.header("Content-Type", "message/rfc822")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(bytes)));
    }

    /** Sends bytes, and returns the id of their blob. */
    String upload(byte[] bytes) throws IOException, InterruptedException {
        HttpResponse<String> response = uploading(bytes);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
        return JSON.readTree(response.body()).path("blobId").asText();
    }

    /** What is answered to who asks for a blob. */
    HttpResponse<String> downloading(String blob) throws IOException, InterruptedException {
        return send("/download/" + account + "/" + blob, request -> request.GET());
    }

    String download(String blob) throws IOException, InterruptedException {
        HttpResponse<String> response = downloading(blob);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return response.body();
    }

    /** Waits for one change of these types, separated by commas, and is the event that told it. */
    CompletableFuture<String> nextState(String types) {
        return http.sendAsync(
                        request("/eventSource?types=" + types + "&ping=0&closeAfter=state", request -> request.GET()),
                        HttpResponse.BodyHandlers.ofString())
                .thenApply(HttpResponse::body);
    }

    @Override
    public void close() {
        http.close();
    }
}
