package tg.gouv.messagerie.deploy;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The system's Chromium. */
final class Chromium implements AutoCloseable {
    /** The narrowest screen that pages are made for, in CSS pixels (WCAG 2.1, 1.4.10). */
    static final int NARROW = 320;

    private static final List<String> WCAG = List.of("wcag2a", "wcag2aa", "wcag21a", "wcag21aa");

    private final Playwright playwright;
    private final Browser browser;
    private final String site;

    Chromium(Program program) {
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions().setExecutablePath(Path.of("/usr/bin/chromium")));
        site = "https://localhost:" + program.ports().getOrDefault("https", 0);
    }

    /** Another browser's profile: no cookies yet. */
    BrowserContext profile(String language, int width, ColorScheme scheme, boolean script) {
        return browser.newContext(new Browser.NewContextOptions()
                .setBaseURL(site)
                .setLocale(language)
                .setViewportSize(width, 800)
                .setColorScheme(scheme)
                .setJavaScriptEnabled(script)
                .setIgnoreHTTPSErrors(true)); // the authority of the test is not the system's
    }

    /** What the rules of WCAG 2.1 A and AA find wrong with a page. */
    static List<String> violations(Page page) {
        return new AxeBuilder(page)
                .withTags(WCAG).analyze().getViolations().stream()
                        .map(it -> it.getId() + ": " + it.getHelp() + " "
                                + it.getNodes().stream()
                                        .map(node -> node.getHtml())
                                        .toList())
                        .toList();
    }

    /** How many pixels one must scroll to the side to read. */
    static int sideways(Page page) {
        return ((Number) page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
                .intValue();
    }

    /** Whether whoever has no mouse sees where they are: the element that has the focus has an outline. */
    static Optional<String> unseenFocus(Page page) {
        Object unseen = page.evaluate("() => { const e = document.activeElement; const s = getComputedStyle(e);"
                + " return s.outlineStyle === 'none' || s.outlineWidth === '0px' ? e.outerHTML.slice(0, 200) : '' }");
        return Optional.of(String.valueOf(unseen)).filter(it -> !it.isEmpty());
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}
