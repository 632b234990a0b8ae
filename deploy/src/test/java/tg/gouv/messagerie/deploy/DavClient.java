package tg.gouv.messagerie.deploy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import tg.gouv.messagerie.platform.tls.TrustedAuthorities;

/** A program of calendars, as far as it finds who it is (RFC 5397). */
final class DavClient implements AutoCloseable {
    private final HttpClient client;
    private final URI root;

    DavClient(Program program) {
        this.client = HttpClient.newBuilder()
                .sslContext(TrustedAuthorities.context(Optional.of(program.authority()), "test"))
                .build();
        this.root = URI.create("https://localhost:" + program.ports().getOrDefault("https", 0) + "/dav/");
    }

    /** The answer to who asks with this password. */
    HttpResponse<String> whoAmI(String login, String password) throws IOException {
        String both = Base64.getEncoder().encodeToString((login + ":" + password).getBytes(StandardCharsets.UTF_8));
        HttpRequest request = HttpRequest.newBuilder(root)
                .method("PROPFIND", HttpRequest.BodyPublishers.ofString("""
                        <propfind xmlns="DAV:"><prop><current-user-principal/></prop></propfind>"""))
                .header("Authorization", "Basic " + both)
                .header("Depth", "0")
                .header("Content-Type", "application/xml")
                .build();
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
