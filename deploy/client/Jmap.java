package client;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** JMAP (RFC 8620, RFC 8621), as far as checks need it: one method at a time, of one account. */
public final class Jmap implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String MAIL = "urn:ietf:params:jmap:mail";

    private final HttpClient http;
    private final String authorization;
    private final URI api;
    private final String upload;
    private final String account;

    /** Connects to the demonstration, signs in and reads the session (RFC 8620 section 2). */
    public Jmap(Sheet sheet, String login, String password) throws IOException, GeneralSecurityException {
        http = HttpClient.newBuilder()
                .sslContext(Line.trusting(sheet.ca()))
                .connectTimeout(PATIENCE)
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build();
        authorization = "Basic " + Base64.getEncoder().encodeToString((login + ":" + password).getBytes(UTF_8));
        URI known = URI.create(sheet.url("jmap"));
        Map<?, ?> session = (Map<?, ?>) json(send(request(known).GET()));
        api = known.resolve(session.get("apiUrl").toString());
        account = ((Map<?, ?>) session.get("primaryAccounts")).get(MAIL).toString();
        upload = session.get("uploadUrl").toString();
    }

    /** The id of the mailbox with this role. */
    public String mailbox(String role) throws IOException {
        Map<?, ?> answer = call("Mailbox/get", "\"ids\": null");
        for (Object mailbox : (List<?>) answer.get("list")) {
            if (role.equals(((Map<?, ?>) mailbox).get("role"))) {
                return ((Map<?, ?>) mailbox).get("id").toString();
            }
        }
        throw new IOException("no mailbox with role " + role);
    }

    /** Uploads a message and imports it into a mailbox (RFC 8621 section 4.8); returns the id of the Email. */
    public String importMessage(String mailbox, byte[] message) throws IOException {
        URI there = api.resolve(upload.replace("{accountId}", account));
        Map<?, ?> blob = (Map<?, ?>) json(send(
                request(there).header("Content-Type", "message/rfc822").POST(BodyPublishers.ofByteArray(message))));
        Map<?, ?> answer = call(
                "Email/import",
                "\"emails\": {\"k\": {\"blobId\": \"%s\", \"mailboxIds\": {\"%s\": true}, \"keywords\": {\"$seen\": true}}}"
                        .formatted(blob.get("blobId"), mailbox));
        if (answer.get("created") instanceof Map<?, ?> created && created.get("k") instanceof Map<?, ?> email) {
            return email.get("id").toString();
        }
        throw new IOException("Email/import: " + answer);
    }

    /** Calls a method for the account; returns its arguments. */
    public Map<?, ?> call(String method, String arguments) throws IOException {
        String body = """
                {"using": ["urn:ietf:params:jmap:core", "%s"],
                 "methodCalls": [["%s", {"accountId": "%s", %s}, "0"]]}"""
                .formatted(MAIL, method, account, arguments);
        BodyPublisher text = BodyPublishers.ofString(body);
        Map<?, ?> answer = (Map<?, ?>) json(send(request(api)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json; jmapVersion=rfc-8621")
                .POST(text)));
        List<?> response = (List<?>) ((List<?>) answer.get("methodResponses")).getFirst();
        if (!response.get(0).equals(method)) {
            throw new IOException(method + ": " + response);
        }
        return (Map<?, ?>) response.get(1);
    }

    private HttpRequest.Builder request(URI there) {
        return HttpRequest.newBuilder(there).timeout(PATIENCE).header("Authorization", authorization);
    }

    private String send(HttpRequest.Builder request) throws IOException {
        try {
            HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString());
            if (answer.statusCode() / 100 != 2) {
                throw new IOException("HTTP " + answer.statusCode() + ": " + answer.body());
            }
            return answer.body();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static Object json(String text) throws IOException {
        return new Json(text).value();
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
