package tg.gouv.messagerie.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static tg.gouv.messagerie.deploy.TestProgram.await;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tg.gouv.messagerie.directory.Account;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.PositionCode;
import tg.gouv.messagerie.directory.postgres.Directories;
import tg.gouv.messagerie.directory.postgres.DirectorySettings;
import tg.gouv.messagerie.directory.provisioning.Assignment;
import tg.gouv.messagerie.directory.provisioning.Entity;
import tg.gouv.messagerie.directory.provisioning.FunctionMailbox;
import tg.gouv.messagerie.directory.provisioning.Person;
import tg.gouv.messagerie.directory.provisioning.PersonName;
import tg.gouv.messagerie.directory.provisioning.Position;
import tg.gouv.messagerie.directory.provisioning.Provisioning;
import tg.gouv.messagerie.platform.audit.MemoryTrail;
import tg.gouv.messagerie.platform.settings.Secret;
import tg.gouv.messagerie.platform.tls.TrustedAuthorities;

/** Access tokens of a provider of identities, over IMAP, SMTP, ManageSieve and JMAP of the whole program. RFC 7628, RFC 9068. */
class ProviderSignInTest {
    private static final Duration WITHIN = Duration.ofSeconds(5);
    private static final String HERE = "127.0.0.1";
    private static final String SECRET = "bonjour la mer calme";

    @TempDir
    private static Path folder;

    private static TestProvider provider;
    private static TestProgram running;
    private static Program program;
    private static Directories node;

    @BeforeAll
    static void start() throws Exception {
        provider = new TestProvider(folder.resolve("provider"));
        running =
                new TestProgram(folder, """
                [directory.sign-in.openid]
                issuer = "%s"
                audience = "%s"
                scope = "mail"
                authority = "%s"
                second-factor-methods = ["mfa", "hwk"]
                clock-skew = "0s"
                keys-again = "1s"
                """.formatted(provider.issuer(), TestProvider.AUDIENCE, provider.authority()));
        program = running.program();
        node = Directories.open(
                running.database(),
                DirectorySettings.byDefault(),
                folder.resolve("data"),
                new MemoryTrail(),
                (_, _) -> {},
                Clock.systemUTC(),
                new SecureRandom());
        Provisioning provisioning = program.provisioning();
        provisioning.domain("gouv.tg");
        provisioning.entity(new Entity(new EntityCode("sante"), "Santé", Optional.empty()));
        provisioning.position(new Position(new PositionCode("directeur"), "Directeur", new EntityCode("sante")));
        provisioning.functionMailbox(new FunctionMailbox(
                MailAddress.of("directeur.sante@gouv.tg"), "Directeur", new PositionCode("directeur")));
    }

    @AfterAll
    static void stop() {
        node.close();
        running.close();
        provider.close();
    }

    private static AccountId person(String given) {
        AccountId account = program.provisioning()
                .person(new Person(
                        Optional.empty(),
                        new PersonName(given, "Agbo"),
                        MailAddress.of(given + "@gouv.tg"),
                        Locale.FRENCH,
                        Optional.of(new EntityCode("sante"))));
        program.provisioning().state(account, Account.State.ACTIVE);
        return account;
    }

    /** What the provider says of somebody now, with the scope that the settings demand. */
    private static JWTClaimsSet.Builder claims(String email) {
        return provider.claims(email).claim("scope", "openid mail");
    }

    private static String token(String email) {
        return provider.signed(claims(email).build());
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }

    private static String oauthbearer(String login, String token) {
        return base64("n," + (login.isEmpty() ? "" : "a=" + login)
                + ",\u0001host=localhost\u0001port=993\u0001auth=Bearer " + token + "\u0001\u0001");
    }

    private static String xoauth2(String login, String token) {
        return base64("user=" + login + "\u0001auth=Bearer " + token + "\u0001\u0001");
    }

    /** What IMAP says in the end to who signs in with a token; after a challenge that says where to get another. */
    private static String imap(String login, String token) throws IOException {
        try (LineClient client = LineClient.imap(program, HERE)) {
            return inTheEnd(client, client.say("a AUTHENTICATE OAUTHBEARER " + oauthbearer(login, token)));
        }
    }

    private static String inTheEnd(LineClient client, String answer) throws IOException {
        if (!answer.startsWith("+")) {
            return answer;
        }
        String json = new String(Base64.getDecoder().decode(answer.substring(2)), UTF_8);
        assertThat(json)
                .isEqualTo("{\"status\":\"invalid_token\",\"scope\":\"mail\",\"openid-configuration\":\""
                        + provider.issuer() + "/.well-known/openid-configuration\"}");
        return client.say("AQ==");
    }

    private static void assertOpens(String login, String token) throws IOException {
        assertThat(imap(login, token)).startsWith("a OK");
    }

    private static void assertWrong(String login, String token) throws IOException {
        assertThat(imap(login, token)).startsWith("a NO [AUTHENTICATIONFAILED]");
    }

    private static int jmap(String token, List<String> challenges) throws Exception {
        try (HttpClient client = HttpClient.newBuilder()
                .sslContext(TrustedAuthorities.context(Optional.of(program.authority()), "test"))
                .build()) {
            HttpResponse<String> answer = client.send(
                    HttpRequest.newBuilder(URI.create(
                                    "https://localhost:" + program.ports().get("https") + "/jmap/session"))
                            .header("Authorization", "Bearer " + token)
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            challenges.addAll(answer.headers().allValues("WWW-Authenticate"));
            return answer.statusCode();
        }
    }

    @Test
    void programsThatSetThemselvesUpAreToldOfTheProviderAndOfThePortsThatAreServed() throws Exception {
        try (HttpClient client = HttpClient.newBuilder()
                .sslContext(TrustedAuthorities.context(Optional.of(program.authority()), "test"))
                .build()) {
            String asked = "https://localhost:" + program.ports().get("https")
                    + "/.well-known/autoconfig/mail/config-v1.1.xml?emailaddress=personne@";
            HttpResponse<String> ours = client.send(
                    HttpRequest.newBuilder(URI.create(asked + "gouv.tg")).build(),
                    HttpResponse.BodyHandlers.ofString());
            HttpResponse<String> others = client.send(
                    HttpRequest.newBuilder(URI.create(asked + "example.org")).build(),
                    HttpResponse.BodyHandlers.ofString());

            assertThat(ours.statusCode()).isEqualTo(200);
            assertThat(ours.body())
                    .contains("<port>" + program.ports().get("imaps") + "</port>")
                    .contains("<port>" + program.ports().get("submissions") + "</port>")
                    .contains("<authentication>OAuth2</authentication>")
                    .contains("<issuer>" + provider.issuer() + "</issuer>", "<scope>mail</scope>");
            assertThat(others.statusCode()).isEqualTo(404);
        }
    }

    @Test
    void aTokenOpensEveryProtocolOfMail() throws Exception {
        person("ama");
        String token = token("ama@gouv.tg");

        assertOpens("ama@gouv.tg", token);
        assertOpens("", token);
        try (LineClient imap = LineClient.imap(program, HERE)) {
            assertThat(imap.say("c CAPABILITY"))
                    .contains(" AUTH=PLAIN", " AUTH=OAUTHBEARER", " AUTH=XOAUTH2", " SASL-IR");
            imap.hear();
            assertThat(imap.say("a AUTHENTICATE XOAUTH2")).isEqualTo("+ ");
            assertThat(imap.say(xoauth2("ama@gouv.tg", token))).startsWith("a OK");
        }
        try (LineClient smtp = LineClient.submission(program, HERE)) {
            assertThat(smtp.say("AUTH OAUTHBEARER " + oauthbearer("ama@gouv.tg", token)))
                    .startsWith("235 2.7.0");
            assertThat(smtp.say("MAIL FROM:<ama@gouv.tg>")).startsWith("250");
        }
        try (LineClient smtp = LineClient.submission(program, HERE)) {
            assertThat(smtp.say("AUTH XOAUTH2")).startsWith("334");
            assertThat(smtp.say(xoauth2("ama@gouv.tg", token))).startsWith("235 2.7.0");
        }
        try (LineClient sieve = LineClient.sieve(program, HERE)) {
            String said = oauthbearer("", token);
            assertThat(sieve.say("AUTHENTICATE \"OAUTHBEARER\" {" + said.length() + "+}\r\n" + said))
                    .isEqualTo("OK");
            assertThat(sieve.say("LISTSCRIPTS")).isEqualTo("OK");
        }
        assertThat(jmap(token, new ArrayList<>())).isEqualTo(200);
    }

    @Test
    void aTokenAsLongAsALineOfAuthMayBeOpensToo() throws Exception {
        person("longue");
        String token = provider.signed(
                claims("longue@gouv.tg").claim("groups", "x".repeat(5_000)).build());
        assertThat(token.length()).isBetween(6_500, 8_192);

        assertOpens("longue@gouv.tg", token);
        try (LineClient smtp = LineClient.submission(program, HERE)) {
            assertThat(smtp.say("AUTH OAUTHBEARER " + oauthbearer("longue@gouv.tg", token)))
                    .startsWith("235");
        }
        try (LineClient smtp = LineClient.submission(program, HERE)) {
            smtp.say("AUTH XOAUTH2");
            assertThat(smtp.say(xoauth2("longue@gouv.tg", token))).startsWith("235");
        }
        assertThat(jmap(token, new ArrayList<>())).isEqualTo(200);
    }

    @Test
    void whoseTokenIsRefusedIsToldWhereToGetAnother() throws Exception {
        person("koffi");
        String wrong = TestProvider.signed(claims("koffi@gouv.tg").build(), TestProvider.fresh());

        try (LineClient imap = LineClient.imap(program, HERE)) {
            String challenge = imap.say("a AUTHENTICATE XOAUTH2 " + xoauth2("koffi@gouv.tg", expired("koffi@gouv.tg")));
            assertThat(new String(Base64.getDecoder().decode(challenge.substring(2)), UTF_8))
                    .isEqualTo("{\"status\":\"401\",\"schemes\":\"bearer\",\"scope\":\"mail\"}");
            assertThat(imap.say("")).startsWith("a NO [AUTHENTICATIONFAILED]");
            assertThat(imap.say("b AUTHENTICATE PLAIN " + base64("\0koffi@gouv.tg\0wrong")))
                    .startsWith("b NO [AUTHENTICATIONFAILED]"); // at once
        }
        try (LineClient smtp = LineClient.submission(program, HERE)) {
            String challenge = smtp.say("AUTH OAUTHBEARER " + oauthbearer("", expired("koffi@gouv.tg")));
            assertThat(challenge).startsWith("334 ");
            assertThat(new String(Base64.getDecoder().decode(challenge.substring(4)), UTF_8))
                    .contains("\"status\":\"invalid_token\"", provider.issuer());
            assertThat(smtp.say("AQ==")).startsWith("535 5.7.8");
            assertThat(smtp.say("MAIL FROM:<koffi@gouv.tg>")).startsWith("530");
        }
        try (LineClient sieve = LineClient.sieve(program, HERE)) {
            String said = xoauth2("koffi@gouv.tg", expired("koffi@gouv.tg"));
            String challenge = sieve.say("AUTHENTICATE \"XOAUTH2\" {" + said.length() + "+}\r\n" + said);
            assertThat(challenge).startsWith("\"").endsWith("\"");
            assertThat(sieve.say("\"\"")).startsWith("NO ");
        }
        List<String> challenges = new ArrayList<>();
        await("JMAP's answer", () -> {
            try {
                challenges.clear();
                return jmap(wrong, challenges) == 401;
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
        assertThat(challenges)
                .anyMatch(it -> it.startsWith("Basic "))
                .contains("Bearer realm=\"gouv.tg\", error=\"invalid_token\"");
    }

    private static String expired(String email) {
        return provider.signed(claims(email)
                .issueTime(Date.from(Instant.now().minusSeconds(600)))
                .expirationTime(Date.from(Instant.now().minusSeconds(1)))
                .build());
    }

    @Test
    void whatIsNotTheProvidersOrNotForUsOpensNothing() throws Exception {
        person("yao");
        String email = "yao@gouv.tg";
        assertOpens(email, token(email));

        assertWrong(email, expired(email));
        assertWrong(email, provider.signed(claims(email).audience("another").build()));
        assertWrong(
                email,
                provider.signed(
                        claims(email).issuer(provider.issuer() + "/autre").build()));
        assertWrong(
                email,
                provider.signed(claims(email).claim("scope", "openid mailbox").build()));
        assertWrong(
                email,
                provider.signed(claims(email)
                        .notBeforeTime(Date.from(Instant.now().plusSeconds(60)))
                        .build()));
        assertWrong(
                email,
                provider.signed(claims(email)
                        .issueTime(Date.from(Instant.now().plusSeconds(60)))
                        .build()));
        assertWrong(email, provider.signed(claims(email).expirationTime(null).build()));
        assertWrong(
                email,
                provider.signed(claims(email).claim("email_verified", false).build()));
        assertWrong(
                email,
                provider.signed(claims(email)
                        .claim("cnf", Map.of("jkt", "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"))
                        .build()));
        assertWrong(email, token(email) + "x");
        assertWrong(email, "pas.un.jeton");
        assertOpens(email, token(email)); // however many were wrong before
    }

    @Test
    void neitherNoSignatureNorOneWithThePublicKeyAsSecretIsASignature() throws Exception {
        person("edem");
        JWTClaimsSet claims = claims("edem@gouv.tg").build();
        assertWrong("edem@gouv.tg", new PlainJWT(claims).serialize());
        for (byte[] known : List.of(
                provider.key().toRSAPublicKey().getEncoded(),
                provider.key().toPublicJWK().toJSONString().getBytes(UTF_8))) {
            assertWrong("edem@gouv.tg", hs256(claims, known));
        }
        assertOpens("edem@gouv.tg", provider.signed(claims));
    }

    private static String hs256(JWTClaimsSet claims, byte[] secret) throws JOSEException {
        SignedJWT jwt = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.HS256)
                        .keyID(provider.key().getKeyID())
                        .build(),
                claims);
        jwt.sign(new MACSigner(secret));
        return jwt.serialize();
    }

    @Test
    void aTokenOpensTheAccountThatItNamesAndNoOther() throws Exception {
        AccountId afi = person("afi");
        person("kossi");
        program.provisioning().alias(afi, MailAddress.of("a.agbo@gouv.tg"));
        program.provisioning().assignment(new Assignment(MailAddress.of("afi@gouv.tg"), new PositionCode("directeur")));
        String token = token("a.agbo@gouv.tg");

        assertOpens("afi@gouv.tg", token);
        assertOpens("A.Agbo@gouv.tg", token);
        assertOpens("directeur.sante@gouv.tg", token);
        assertOpens("directeur.sante@gouv.tg*afi@gouv.tg", token);
        assertWrong("kossi@gouv.tg", token);
        assertWrong("directeur.sante@gouv.tg*kossi@gouv.tg", token);
        assertWrong("directeur.sante@gouv.tg", token("kossi@gouv.tg"));
        assertWrong("afi", token);
        assertWrong("", token("personne@gouv.tg"));
        assertWrong("", token("directeur.sante@gouv.tg"));
        assertThat(program.directory().byAddress(MailAddress.of("personne@gouv.tg")))
                .isEmpty();
    }

    @Test
    void whoHasASecondFactorHereMustHaveShownOneThere() throws Exception {
        AccountId account = person("abla");
        assertOpens("", token("abla@gouv.tg"));
        running.sql(
                "insert into directory.second_factor(account_id, secret, made, confirmed)"
                        + " values (?, decode(repeat('00', 20), 'hex'), now(), now())",
                account.value());
        assertWrong("", token("abla@gouv.tg"));
        assertWrong(
                "",
                provider.signed(
                        claims("abla@gouv.tg").claim("amr", List.of("pwd")).build()));
        assertOpens(
                "",
                provider.signed(claims("abla@gouv.tg")
                        .claim("amr", List.of("pwd", "mfa"))
                        .build()));
    }

    @Test
    void aNewKeyIsFetchedAndInventedOnesMakeTheProviderAnswerSeldom() throws Exception {
        person("akou");
        assertOpens("", token("akou@gouv.tg"));
        provider.rotate();
        await("the new key", () -> opens("akou@gouv.tg"));
        int before = provider.asked();
        long began = System.nanoTime();
        for (int i = 0; i < 20; i++) {
            assertThat(imap("", TestProvider.signed(claims("akou@gouv.tg").build(), TestProvider.fresh())))
                    .startsWith("a NO");
        }
        long seconds = Duration.ofNanos(System.nanoTime() - began).toSeconds();
        assertThat(provider.asked() - before).isBetween(0, (int) seconds + 1);
    }

    private static boolean opens(String email) {
        try {
            return imap("", token(email)).startsWith("a OK");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void whileTheProviderIsAwayNothingIsCalledWrong() throws Exception {
        person("sena");
        assertOpens("", token("sena@gouv.tg"));
        String unknown = TestProvider.signed(claims("sena@gouv.tg").build(), TestProvider.fresh());
        provider.away();
        try {
            Thread.sleep(1_100); // it may be asked again, and does not answer
            assertThat(imap("", unknown)).startsWith("a NO [UNAVAILABLE]").endsWith("(aide E03)");
            try (LineClient smtp = LineClient.submission(program, HERE)) {
                assertThat(smtp.say("AUTH OAUTHBEARER " + oauthbearer("", unknown)))
                        .startsWith("454")
                        .endsWith("(aide E03)");
            }
            try (LineClient sieve = LineClient.sieve(program, HERE)) {
                String said = oauthbearer("", unknown);
                assertThat(sieve.say("AUTHENTICATE \"OAUTHBEARER\" {" + said.length() + "+}\r\n" + said))
                        .startsWith("NO (TRYLATER)")
                        .endsWith("(aide E03)\"");
            }
            assertThat(jmap(unknown, new ArrayList<>())).isEqualTo(503);
            assertOpens("", token("sena@gouv.tg")); // its keys are known
        } finally {
            provider.back();
        }
        await("the provider's word", () -> {
            try {
                return imap("", unknown).startsWith("a NO [AUTHENTICATIONFAILED]");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    @Test
    void aSuspendedAccountIsClosedToTokensAndWhatTheyOpenedEnds() throws Exception {
        AccountId account = person("dzifa");
        String token = token("dzifa@gouv.tg");
        try (LineClient open = signedIn(token)) {
            program.provisioning().state(account, Account.State.SUSPENDED);
            assertEnds(open);
            assertWrong("", token);
        }
    }

    @Test
    void whoSignsOutEverywhereIsSignedOutOfTokensToo() throws Exception {
        AccountId account = person("elom");
        String token = token("elom@gouv.tg");
        try (LineClient open = signedIn(token)) {
            node.sessions().signOut(account);
            assertEnds(open);
        }
        assertWrong("", token);
        Thread.sleep(1_100); // a token tells when it was issued to a second
        assertOpens(
                "",
                provider.signed(claims("elom@gouv.tg")
                        .issueTime(Date.from(Instant.now()))
                        .build()));
    }

    @Test
    void whatATokenOpenedEndsWithIt() throws Exception {
        person("mawuli");
        String soon = provider.signed(claims("mawuli@gouv.tg")
                .expirationTime(Date.from(Instant.now().plusSeconds(3)))
                .build());
        try (LineClient open = signedIn(soon);
                LineClient stays = signedIn(token("mawuli@gouv.tg"))) {
            assertThat(open.hear()).startsWith("* BYE [EXPIRED]"); // within the 20 seconds that it listens
            assertThat(stays.say("n NOOP")).startsWith("n OK");
        }
    }

    @Test
    void whoInventsTokensIsSlowedDownAndWhoHasOneIsNot() throws Exception {
        AccountId account = person("selom");
        program.provisioning().password(account, new Secret(SECRET));
        String answer = "";
        for (int i = 0; i < 7; i++) {
            answer = imap("selom@gouv.tg", token("selom@gouv.tg").replaceFirst("\\.[^.]*$", ".AAAA" + i));
        }
        assertThat(answer).startsWith("a NO [UNAVAILABLE]");
        try (LineClient imap = LineClient.imap(program, HERE)) {
            assertThat(imap.say("a LOGIN selom@gouv.tg \"" + SECRET + "\"")).startsWith("a NO [UNAVAILABLE]");
        }
        assertOpens("selom@gouv.tg", token("selom@gouv.tg"));
        await(
                "the trail", // which is written behind the answers
                () -> audited(account)
                        .containsAll(List.of(
                                "secret:token-signature refused",
                                "secret:token-signature throttled",
                                "secret:token done")));
        assertThat(running.texts("select row::text from platform.audit_event row"))
                .noneMatch(it -> it.contains("eyJ"));
    }

    private static List<String> audited(AccountId account) {
        return running.texts(
                "select coalesce(counterpart, '') || ' ' || outcome from platform.audit_event where act = 'sign-in' and subject = ?",
                "account:" + account);
    }

    private static LineClient signedIn(String token) throws IOException {
        LineClient client = LineClient.imap(program, HERE);
        assertThat(client.say("a AUTHENTICATE OAUTHBEARER " + oauthbearer("", token)))
                .startsWith("a OK");
        return client;
    }

    private static void assertEnds(LineClient client) throws IOException {
        Instant began = Instant.now();
        assertThat(client.hear()).startsWith("* BYE [EXPIRED]");
        assertThat(Duration.between(began, Instant.now())).isLessThan(WITHIN);
    }
}
