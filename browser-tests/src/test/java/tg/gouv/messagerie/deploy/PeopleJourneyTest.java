package tg.gouv.messagerie.deploy;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.codec.binary.Base32;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openpdf.text.pdf.PdfReader;
import org.openpdf.text.pdf.parser.PdfTextExtractor;
import tg.gouv.messagerie.directory.Account;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.provisioning.Entity;
import tg.gouv.messagerie.directory.provisioning.Person;
import tg.gouv.messagerie.directory.provisioning.PersonName;
import tg.gouv.messagerie.directory.rights.Grant;
import tg.gouv.messagerie.directory.rights.Right;
import tg.gouv.messagerie.directory.signin.Totp;
import tg.gouv.messagerie.platform.settings.Secret;

/** From the letter to the first message, and back after a loss: what a civil servant does in their first year, in a real browser. */
class PeopleJourneyTest {
    private static final String SECRET = "la pirogue revient au soir";
    private static final String OTHER = "le baobab garde son ombre";
    private static final Pattern CODE = Pattern.compile("\\b(?:[0-9A-Z]{4}-){3,}[0-9A-Z]{4}\\b");
    private static final Duration ENDS_WITHIN = Duration.ofSeconds(5);

    @TempDir
    private static Path folder;

    private static TestProgram running;
    private static Program program;
    private static Chromium chromium;

    @BeforeAll
    static void start() throws Exception {
        running = new TestProgram(folder);
        program = running.program();
        program.provisioning().domain("gouv.tg");
        program.provisioning().entity(new Entity(new EntityCode("sante"), "Santé", Optional.empty()));
        AccountId focal = person("Focal");
        program.provisioning().state(focal, Account.State.ACTIVE);
        program.provisioning().password(focal, new Secret(SECRET));
        program.provisioning()
                .grant(new Grant(
                        new Grant.OfAccount(focal),
                        Set.of(Right.values()),
                        Optional.of(new EntityCode("sante")),
                        OptionalInt.of(100),
                        Optional.empty(),
                        Optional.empty()));
        chromium = new Chromium(program);
    }

    @AfterAll
    static void stop() {
        chromium.close();
        running.close();
    }

    private static AccountId person(String given) {
        return program.provisioning()
                .person(new Person(
                        Optional.empty(),
                        new PersonName(given, "Mensah"),
                        MailAddress.of(given.toLowerCase(Locale.ROOT) + "@gouv.tg"),
                        Locale.FRENCH,
                        Optional.of(new EntityCode("sante"))));
    }

    @Test
    void fromTheLetterToMailAndBackAfterALoss() throws Exception {
        person("Akossiwa");
        String code = program.activationCodes()
                .issue(MailAddress.of("akossiwa@gouv.tg"), false)
                .code()
                .reveal();
        try (BrowserContext phone = phone();
                BrowserContext office = chromium.profile("fr-FR", 1100, ColorScheme.LIGHT, true)) {
            Page page = phone.newPage();
            page.navigate("/activer#address=akossiwa%40gouv.tg&code=" + code); // what the letter's QR code leads to
            assertThat(page.locator("[name=adresse]")).hasValue("akossiwa@gouv.tg");
            assertThat(page.locator("[name=code]")).hasValue(code);
            activate(page, SECRET);
            assertThat(page.locator(".done")).containsText("Votre compte est ouvert");

            String totp = secondFactor(page);
            device(page);
            String password = page.locator("#mot-de-passe-appareil").textContent();
            try (LineClient imap = LineClient.imap(program, "127.0.0.1");
                    LineClient smtp = LineClient.submission(program, "127.0.0.1");
                    DavClient calendars = new DavClient(program)) {
                assertThat(calendars.whoAmI("akossiwa@gouv.tg", password).statusCode())
                        .isEqualTo(207);
                assertThat(calendars.whoAmI("akossiwa@gouv.tg", SECRET).statusCode())
                        .as("the main password, beside a second factor")
                        .isEqualTo(401);
                assertThat(imap.say("a LOGIN akossiwa@gouv.tg \"" + password + "\""))
                        .startsWith("a OK");
                assertThat(smtp.say("AUTH PLAIN " + plain(password))).startsWith("235");
                page.navigate("/compte/appareils");
                page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Retirer"))
                        .click();
                Instant revoked = Instant.now();
                assertThat(page.locator(".done")).containsText("ne sert plus");
                assertThat(imap.hear()).startsWith("* BYE");
                assertThat(smtp.hear()).startsWith("421");
                assertThat(calendars.whoAmI("akossiwa@gouv.tg", password).statusCode())
                        .isEqualTo(401);
                assertThat(Duration.between(revoked, Instant.now())).isLessThan(ENDS_WITHIN);
            }
            TestProgram.await("the owner sees it in the ledger", () -> {
                page.navigate("/compte/acces");
                return page.locator("tbody tr").count() > 0;
            });

            lost(office.newPage(), page, totp);
        }
    }

    private static BrowserContext phone() {
        return chromium.profile("fr-FR", Chromium.NARROW, ColorScheme.DARK, true);
    }

    private static void activate(Page page, String secret) {
        page.locator("[name=mot-de-passe]").fill(secret);
        page.locator("[name=encore]").fill(secret);
        page.locator("main form button").click();
    }

    /** Turns it on; what a telephone was told. */
    private static String secondFactor(Page page) {
        page.navigate("/compte/second-facteur");
        page.locator("form[action='/compte/second-facteur'] button").click();
        String secret = page.locator("span.secret").textContent().replace(" ", "");
        page.locator("[name=code]").fill(code(secret));
        page.locator("main form button").click();
        assertThat(page.locator(".secret li")).hasCount(10);
        return secret;
    }

    private static String code(String base32) {
        return Totp.code(new Base32().decode(base32), Clock.systemUTC().instant());
    }

    private static void device(Page page) {
        page.navigate("/compte/appareils");
        page.locator("a[href='/compte/appareils/ajouter']").click();
        page.locator("a[href='/compte/appareils/ajouter/thunderbird']").click();
        page.locator("[name=nom]").fill("Portable du bureau");
        page.locator("main form button").click();
        assertThat(page.locator(".done")).isVisible();
    }

    private static String plain(String password) {
        return Base64.getEncoder().encodeToString(("\0akossiwa@gouv.tg\0" + password).getBytes(UTF_8));
    }

    /** The password is lost: the focal point prints another letter, and whoever has it comes back. */
    private static void lost(Page focal, Page person, String totp) throws IOException {
        focal.navigate("/gestion");
        focal.locator("[name=adresse]").fill("focal@gouv.tg");
        focal.locator("[name=mot-de-passe]").fill(SECRET);
        focal.locator("main form button").click();
        focal.locator("[name=q]").fill("akoss");
        focal.keyboard().press("Enter");
        focal.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Akossiwa Mensah"))
                .click();
        focal.locator("a[href$='/lettre']").click();
        Download letter = focal.waitForDownload(
                () -> focal.locator("form[action$='/lettre'] button").click());
        String code;
        try (PdfReader pdf = new PdfReader(letter.path().toString())) {
            Matcher found = CODE.matcher(new PdfTextExtractor(pdf).getTextFromPage(pdf.getNumberOfPages()));
            assertThat(found.find()).isTrue();
            code = found.group();
        }
        person.context().clearCookies();
        person.navigate("/activer");
        person.locator("[name=adresse]").fill("akossiwa@gouv.tg");
        person.locator("[name=code]").fill(code);
        activate(person, OTHER); // the letter replaces the password, not the second factor
        assertThat(person.locator("h1")).hasText("Code de votre téléphone");
        person.locator("[name=code]").fill(nextCode(totp));
        person.locator("main form button").click();
        assertThat(person.locator("h1")).hasText("Mon compte");
    }

    /** A code serves once: the one of the next half minute, which the clocks of telephones are allowed to be ahead. */
    private static String nextCode(String base32) {
        return Totp.code(
                new Base32().decode(base32), Clock.systemUTC().instant().plusSeconds(30));
    }

    @Test
    void aKeyboardIsEnough() {
        AccountId account = person("Dela");
        program.provisioning().state(account, Account.State.ACTIVE);
        program.provisioning().password(account, new Secret(SECRET));
        try (BrowserContext context = chromium.profile("fr-FR", 1100, ColorScheme.LIGHT, false)) {
            Page page = context.newPage();
            page.navigate("/compte/appareils");
            press(page, "[name=adresse]");
            page.keyboard().type("dela@gouv.tg");
            press(page, "[name=mot-de-passe]");
            page.keyboard().type(SECRET);
            page.keyboard().press("Enter");
            assertThat(page.locator("h1")).hasText("Appareils");
            press(page, "a.skip");
            page.keyboard().press("Enter");
            press(page, "a[href='/compte/appareils/ajouter']"); // behind the menu, which was skipped
            page.keyboard().press("Enter");
            page.waitForURL("**/ajouter");
            press(page, "a[href='/compte/appareils/ajouter/thunderbird']");
            page.keyboard().press("Enter");
            page.waitForURL("**/thunderbird");
            press(page, "[name=nom]");
            page.keyboard().type("Portable");
            page.keyboard().press("Enter");
            assertThat(page.locator("#mot-de-passe-appareil")).isVisible();
        }
    }

    /** Presses the tabulator until this has the focus; on the way, everything that has it shows it. */
    private static void press(Page page, String sought) {
        Locator element = page.locator(sought).first();
        for (int i = 0; i < 40; i++) {
            page.keyboard().press("Tab");
            assertThat(Chromium.unseenFocus(page)).isEmpty();
            if ((boolean) element.evaluate("it => it === document.activeElement")) {
                return;
            }
        }
        throw new AssertionError("the tabulator does not reach " + sought + " on " + page.url());
    }
}
