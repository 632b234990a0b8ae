package tg.gouv.messagerie.portal.pages;

import java.util.Locale;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;

/** In which language a page is: the one that was chosen, else the first of the browser's that we speak, else French. */
final class Languages {
    private Languages() {}

    static Locale of(Optional<String> chosen, Request request) {
        return chosen.flatMap(Languages::spoken)
                .orElseGet(() ->
                        request
                                .getHeaders()
                                .getQualityCSV(HttpHeader.ACCEPT_LANGUAGE)
                                .stream() // RFC 9110 section 12.5.4
                                .flatMap(it -> spoken(it).stream())
                                .findFirst()
                                .orElse(Locale.FRENCH));
    }

    /** French or English, if a tag is one of theirs. */
    static Optional<Locale> spoken(String tag) {
        String language = tag.strip().toLowerCase(Locale.ROOT);
        if (language.equals("fr") || language.startsWith("fr-")) {
            return Optional.of(Locale.FRENCH);
        }
        return language.equals("en") || language.startsWith("en-") ? Optional.of(Locale.ENGLISH) : Optional.empty();
    }
}
