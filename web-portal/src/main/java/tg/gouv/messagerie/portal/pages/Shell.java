package tg.gouv.messagerie.portal.pages;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused.Reason;
import tg.gouv.messagerie.directory.signin.WebSessions.Visitor;
import tg.gouv.messagerie.platform.language.Messages;

/** What every template is given: sentences in the reader's language, who reads, and the token of forms. */
public final class Shell {
    private final Messages own;
    private final Messages ground;
    private final String path;
    private final Optional<Visitor> visitor;
    private final boolean manages;
    private final Site site;
    private final Supplier<String> token;
    private final Optional<String> done;

    Shell(
            Class<?> texts,
            Locale language,
            String path,
            Optional<Visitor> visitor,
            boolean manages,
            Site site,
            Supplier<String> token,
            Optional<String> done) {
        this.own = Messages.beside(texts, language);
        this.ground = Messages.beside(Shell.class, language);
        this.path = path;
        this.visitor = visitor;
        this.manages = manages;
        this.site = site;
        this.token = token;
        this.done = done;
    }

    /** A sentence of the page, or of the ground. */
    public String text(String key, Object... values) {
        return (own.has(key) ? own : ground).text(key, values);
    }

    /**
     * Why the directory refused something. A right that is missing is called what people call it; the entity by its code, which the reader
     * gave: its name may be none of their business.
     */
    public String sentence(ProvisioningRefused refused) {
        Reason reason = refused.reason();
        boolean isOfARight = reason == Reason.NO_RIGHT || reason == Reason.NO_RIGHT_IN_THE_STATE;
        if (!isOfARight || !has("right." + refused.values().getFirst())) {
            return refused.sentence(locale());
        }
        List<String> values = new ArrayList<>(refused.values());
        values.set(0, text("right." + values.getFirst()));
        return new ProvisioningRefused(reason, values.toArray()).sentence(locale());
    }

    /** Whether there is such a sentence. */
    public boolean has(String key) {
        return own.has(key) || ground.has(key);
    }

    /** The language's tag, {@code fr} or {@code en}. */
    public String language() {
        return locale().getLanguage();
    }

    /** The language. */
    public Locale locale() {
        return ground.locale();
    }

    /** The other language's tag. */
    public String otherLanguage() {
        return locale().equals(Locale.ENGLISH) ? "fr" : "en";
    }

    /** The path of the page. */
    public String path() {
        return path;
    }

    /** The same as a value in a query. */
    public String pathInQuery() {
        return URLEncoder.encode(path, StandardCharsets.UTF_8);
    }

    /** Whether the page is this one, or below it. */
    public boolean isAt(String place) {
        return path.equals(place) || path.startsWith(place + "/");
    }

    /** Who has signed in. */
    public Optional<Visitor> visitor() {
        return visitor;
    }

    /** Whether who has signed in has something to administer. */
    public boolean manages() {
        return manages;
    }

    /** What is said of this server on every page. */
    public Site site() {
        return site;
    }

    /** The token of a form. */
    public String token() {
        return token.get();
    }

    /** What was done a moment ago, as a sentence. */
    public Optional<String> done() {
        return done.filter(it -> has("done." + it)).map(it -> text("done." + it));
    }

    /** A day, as the reader writes it. */
    public String day(Instant instant) {
        return DateTimeFormatter.ofLocalizedDate(FormatStyle.LONG)
                .withLocale(region())
                .format(instant.atZone(site.zone()));
    }

    /** A day, as the reader writes it. */
    public String day(LocalDate day) {
        return DateTimeFormatter.ofLocalizedDate(FormatStyle.LONG)
                .withLocale(region())
                .format(day);
    }

    /** A moment to the minute, as the reader writes it, where the State is. */
    public String moment(Instant instant) {
        return text("moment", day(instant), DateTimeFormatter.ofPattern("HH:mm").format(instant.atZone(site.zone())));
    }

    private Locale region() {
        return locale().equals(Locale.ENGLISH) ? Locale.UK : Locale.FRANCE;
    }

    /**
     * What is said of this server on every page.
     *
     * @param state the State's name
     * @param contact whom people ask for help, as one line
     * @param zone where the State is
     * @param style the path of the one stylesheet
     * @param script the path of the one script
     */
    public record Site(String state, Optional<String> contact, ZoneId zone, String style, String script) {}
}
