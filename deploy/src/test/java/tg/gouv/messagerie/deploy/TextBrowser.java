package tg.gouv.messagerie.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.CookieManager;
import java.net.CookiePolicy;
import java.net.HttpCookie;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jspecify.annotations.Nullable;
import tg.gouv.messagerie.platform.tls.TrustedAuthorities;

/**
 * A browser without script: it keeps cookies, follows redirections, fills in the forms that it is shown and no others, and knows how many
 * bytes came over the line.
 */
final class TextBrowser implements AutoCloseable {
    private static final int REDIRECTIONS_MAX = 10;

    private final CookieManager cookies = new CookieManager(null, CookiePolicy.ACCEPT_ALL);
    private final HttpClient client;
    private final String site;
    private String language = "fr";
    private @Nullable HttpResponse<byte[]> last;
    private byte[] body = new byte[0];
    private Document page = Document.createShell("");

    TextBrowser(Program program) {
        this.client = HttpClient.newBuilder()
                .sslContext(TrustedAuthorities.context(Optional.of(program.authority()), "test"))
                .cookieHandler(cookies)
                .build();
        this.site = "https://localhost:" + program.ports().getOrDefault("https", 0);
    }

    /** Asks for pages in another language. */
    TextBrowser in(String other) {
        language = other;
        return this;
    }

    /** Goes to an address; follows redirections. */
    TextBrowser go(String path) {
        URI address = URI.create(site).resolve(path);
        follow(request(address).GET().build());
        return this;
    }

    /** Follows the first such link of the page. */
    TextBrowser follow(String link) {
        return go(page.select(link).attr("href"));
    }

    /** Sends the form of the page that leads there, with these fields in place of what the page fills in. */
    TextBrowser send(String action, Map<String, String> filled) {
        Element form = form(action);
        Map<String, List<String>> fields = new LinkedHashMap<>();
        for (Element input : form.select("input[name], textarea[name], select[name]")) {
            boolean box =
                    input.attr("type").equals("checkbox") || input.attr("type").equals("radio");
            if (!box || input.hasAttr("checked")) {
                fields.computeIfAbsent(input.attr("name"), _ -> new ArrayList<>())
                        .add(input.val());
            }
        }
        filled.forEach((name, value) -> fields.put(name, List.of(value)));
        return post(form.attr("action"), fields);
    }

    /** Sends fields that nobody was shown. */
    TextBrowser post(String action, Map<String, List<String>> fields) {
        StringBuilder text = new StringBuilder();
        fields.forEach((name, values) -> values.forEach(value -> text.append(text.isEmpty() ? "" : "&")
                .append(URLEncoder.encode(name, UTF_8))
                .append('=')
                .append(URLEncoder.encode(value, UTF_8))));
        follow(request(URI.create(site).resolve(action))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Origin", origin())
                .POST(HttpRequest.BodyPublishers.ofString(text.toString()))
                .build());
        return this;
    }

    /** Where a form comes from, as the page allows it to be told: Fetch, « append a request Origin header ». */
    private String origin() {
        return header("Referrer-Policy").filter("no-referrer"::equals).isPresent() ? "null" : site;
    }

    /** Sends the form of the page that leads there, with files by their fields: RFC 7578. */
    TextBrowser bring(String action, Map<String, String> filled, Map<String, String> files) {
        String boundary = "----" + Long.toHexString(action.hashCode());
        StringBuilder text = new StringBuilder();
        Map<String, String> fields = new LinkedHashMap<>(filled);
        fields.put("jeton", form(action).select("input[name=jeton]").val());
        fields.forEach((name, value) -> text.append(
                "--%s\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n".formatted(boundary, name, value)));
        files.forEach((name, value) -> text.append(
                        "--%s\r\nContent-Disposition: form-data; name=\"%s\"; filename=\"%s.csv\"\r\nContent-Type: text/csv\r\n\r\n"
                                .formatted(boundary, name, name))
                .append(value)
                .append("\r\n"));
        follow(request(address(action))
                .header("Content-Type", "multipart/form-data; boundary=" + boundary)
                .header("Origin", origin())
                .POST(HttpRequest.BodyPublishers.ofString(text + "--" + boundary + "--\r\n"))
                .build());
        return this;
    }

    /** Sends a request as it is, with this browser's cookies; follows nothing. */
    TextBrowser raw(HttpRequest.Builder builder) {
        ask(builder.header("Accept-Language", language).build());
        return this;
    }

    HttpRequest.Builder request(URI address) {
        return HttpRequest.newBuilder(address)
                .header("Accept-Language", language)
                .header("Accept-Encoding", "gzip");
    }

    URI address(String path) {
        return URI.create(site).resolve(path);
    }

    String site() {
        return site;
    }

    private Element form(String action) {
        return page.select("form[method=post]").stream()
                .filter(it -> it.attr("action").equals(action))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no form leads to " + action + " on\n" + text()));
    }

    private void follow(HttpRequest request) {
        ask(request);
        for (int i = 0; response().statusCode() == 303 && i < REDIRECTIONS_MAX; i++) {
            URI next = response()
                    .uri()
                    .resolve(response().headers().firstValue("Location").orElseThrow());
            ask(request(next).GET().build());
        }
    }

    private void ask(HttpRequest request) {
        try {
            HttpResponse<byte[]> response = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
            body = response.headers()
                            .firstValue("Content-Encoding")
                            .filter("gzip"::equals)
                            .isPresent()
                    ? new GZIPInputStream(new ByteArrayInputStream(response.body())).readAllBytes()
                    : response.body();
            last = response;
            page = Jsoup.parse(new String(body, UTF_8), site);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private HttpResponse<byte[]> response() {
        return Objects.requireNonNull(last, "nothing was asked for yet");
    }

    int status() {
        return response().statusCode();
    }

    /** The token of the page's forms. */
    String token() {
        return page.select("input[name=jeton]").attr("value");
    }

    /** Where the browser is, without the host. */
    String place() {
        URI now = response().uri();
        return now.getRawPath() + (now.getRawQuery() == null ? "" : "?" + now.getRawQuery());
    }

    Optional<String> header(String name) {
        return response().headers().firstValue(name);
    }

    List<String> headers(String name) {
        return response().headers().allValues(name);
    }

    /** The page as markup. */
    Document page() {
        return page;
    }

    /** The page as a person reads it. */
    String text() {
        return page.body().text();
    }

    String title() {
        return page.select("h1").text();
    }

    byte[] body() {
        return body.clone();
    }

    /** What the last answer weighed on the line, headers not counted. */
    int bytesOnTheLine() {
        return response().body().length;
    }

    Optional<String> cookie(String name) {
        return cookies.getCookieStore().getCookies().stream()
                .filter(it -> it.getName().equals(name))
                .map(HttpCookie::getValue)
                .findFirst();
    }

    void forget(String name) {
        cookies.getCookieStore().getCookies().stream()
                .filter(it -> it.getName().equals(name))
                .toList()
                .forEach(it -> cookies.getCookieStore().remove(null, it));
    }

    @Override
    public void close() {
        client.close();
    }
}
