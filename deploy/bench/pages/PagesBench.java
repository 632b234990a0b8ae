import java.io.IOException;
import java.io.InputStream;
import java.net.CookieManager;
import java.net.CookiePolicy;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * What pages cost, asked for by a client of the JDK alone over TLS, on one connection, after rounds that are not counted.
 *
 * <p>{@code pages PORTAL CA ADDRESS PASSWORD ROUNDS PATH…}: a Markdown table of milliseconds and octets. {@code activate PORTAL CA CODES AT-ONCE}: the
 * accounts of a file of codes are activated, so many at once, each as a person does: the page, then the form.
 */
final class PagesBench {
    private static final String SECRET = "la pirogue revient au soir";
    private static final Pattern TOKEN = Pattern.compile("name=\"jeton\" value=\"([^\"]+)\"");
    private static final int WARM = 30;

    private final String portal;
    private final SSLContext trust;

    private PagesBench(String portal, String authority) throws Exception {
        this.portal = portal.replaceAll("/$", "");
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (InputStream file = Files.newInputStream(Path.of(authority))) {
            store.setCertificateEntry("ca", CertificateFactory.getInstance("X.509").generateCertificate(file));
        }
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(store);
        trust = SSLContext.getInstance("TLS");
        trust.init(null, managers.getTrustManagers(), null);
    }

    public static void main(String[] arguments) throws Exception {
        PagesBench bench = new PagesBench(arguments[1], arguments[2]);
        switch (arguments[0]) {
            case "pages" ->
                bench.pages(
                        arguments[3],
                        arguments[4],
                        Integer.parseInt(arguments[5]),
                        Arrays.asList(arguments).subList(6, arguments.length));
            case "activate" -> bench.activate(Path.of(arguments[3]), Integer.parseInt(arguments[4]));
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    private HttpClient client() {
        return HttpClient.newBuilder()
                .sslContext(trust)
                .cookieHandler(new CookieManager(null, CookiePolicy.ACCEPT_ALL))
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build();
    }

    private HttpResponse<byte[]> get(HttpClient client, String path, boolean small) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(portal + path));
        return client.send(
                (small ? request.header("Accept-Encoding", "gzip") : request).build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private HttpResponse<byte[]> send(HttpClient client, String path, String... fields) throws IOException, InterruptedException {
        Matcher token = TOKEN.matcher(new String(get(client, path, false).body(), StandardCharsets.UTF_8));
        if (!token.find()) {
            throw new IOException("no form on " + path);
        }
        StringBuilder form = new StringBuilder("jeton=" + encoded(token.group(1)));
        for (int i = 0; i < fields.length; i += 2) {
            form.append('&').append(fields[i]).append('=').append(encoded(fields[i + 1]));
        }
        return client.send(
                HttpRequest.newBuilder(URI.create(portal + path))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .header("Origin", portal)
                        .POST(HttpRequest.BodyPublishers.ofString(form.toString()))
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private void pages(String address, String password, int rounds, List<String> paths) throws Exception {
        try (HttpClient client = client()) {
            if (!send(client, "/entrer", "adresse", address, "mot-de-passe", password).uri().getPath().equals("/compte")) {
                throw new IOException("not signed in");
            }
            System.out.println("| page | p50 ms | p95 ms | octets, gzip |\n| --- | --- | --- | --- |");
            for (String path : paths) {
                double[] took = new double[rounds];
                int octets = 0;
                for (int i = -WARM; i < rounds; i++) {
                    long begun = System.nanoTime();
                    HttpResponse<byte[]> page = get(client, path, true);
                    if (page.statusCode() != 200) {
                        throw new IOException(path + " " + page.statusCode());
                    }
                    octets = page.body().length;
                    if (i >= 0) {
                        took[i] = (System.nanoTime() - begun) / 1e6;
                    }
                }
                Arrays.sort(took);
                System.out.printf(
                        java.util.Locale.ROOT,
                        "| `%s` | %.1f | %.1f | %,d |%n",
                        path,
                        took[rounds / 2],
                        took[(int) (rounds * 0.95)],
                        octets);
            }
        }
    }

    /** Of the columns matricule;nom;adresse;entite;code;expire. */
    private void activate(Path codes, int atOnce) throws Exception {
        List<String[]> rows = Files.readAllLines(codes).stream().skip(1).map(it -> it.split(";", -1)).toList();
        long begun = System.nanoTime();
        List<Future<Boolean>> all = new ArrayList<>();
        try (ExecutorService people = Executors.newFixedThreadPool(atOnce)) {
            for (String[] row : rows) {
                Callable<Boolean> person = () -> {
                    try (HttpClient client = client()) { // each their own browser, their own connection
                        return send(client, "/activer", "adresse", row[2], "code", row[4], "mot-de-passe", SECRET, "encore", SECRET)
                                .uri()
                                .getPath()
                                .equals("/compte");
                    }
                };
                all.add(people.submit(person));
            }
        }
        int in = 0;
        for (Future<Boolean> each : all) {
            in += each.get() ? 1 : 0;
        }
        System.out.printf(java.util.Locale.ROOT, "%d of %d in, %.1f s%n", in, rows.size(), (System.nanoTime() - begun) / 1e9);
    }
}
