package tg.gouv.messagerie.mail.jmap;

import org.apache.james.util.html.HtmlTextExtractor;
import org.jsoup.Jsoup;

/** The text of HTML for previews, from a beginning of bounded length; James's own grew 36 KB to 1 MB (CVE-2024-45626). */
public final class BoundedText implements HtmlTextExtractor {
    /** A preview has 256 characters (RFC 8621 section 4.1.4); styles and scripts may stand before them. */
    private static final int HTML_MAX = 256 * 1024;

    @Override
    public String toPlainText(String html) {
        return Jsoup.parse(html.substring(0, Math.min(html.length(), HTML_MAX))).text();
    }
}
