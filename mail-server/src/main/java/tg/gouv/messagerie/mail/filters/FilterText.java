package tg.gouv.messagerie.mail.filters;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.mail.Forwards.Forward;
import tg.gouv.messagerie.mail.filters.ScriptTokens.Kind;
import tg.gouv.messagerie.mail.filters.ScriptTokens.Token;

/*
 * A forward that a page sets is a few lines between two comments, after the script's « require »: a program that shows filters shows it,
 * and whatever ends the script ends it. With « keep » the filters that follow file the copy; without, « stop » keeps them from it.
 */
/** The text of a filter (RFC 5228), as far as it tells where mail goes. */
public record FilterText(String text) {
    private static final String BEGINNING = "# renvoi de \"Mon compte\" : debut";
    private static final String END = "# renvoi de \"Mon compte\" : fin";
    private static final Pattern BLOCK =
            Pattern.compile("(?ms)^" + BEGINNING + "\\r?\\n(?<inside>.*?)^" + END + "(?:\\r?\\n|\\z)");

    /** A forward of a page; absent if there is none, or somebody has written something else in its place. */
    public Optional<Forward> forward() {
        Matcher block = BLOCK.matcher(text);
        return block.find() ? forward(ScriptTokens.of(block.group("inside"))) : Optional.empty();
    }

    /** Addresses, then {@code keep} or {@code stop}, and nothing else. */
    private static Optional<Forward> forward(List<Token> tokens) {
        List<MailAddress> to = new ArrayList<>();
        int at = 0;
        while (at + 2 < tokens.size()
                && tokens.get(at).is("redirect")
                && tokens.get(at + 1).kind() == Kind.STRING
                && tokens.get(at + 2).is(";")) {
            Optional<MailAddress> address = MailAddress.parse(tokens.get(at + 1).text());
            if (address.isEmpty()) {
                return Optional.empty();
            }
            to.add(address.get());
            at += 3;
        }
        boolean ends = at + 2 == tokens.size()
                && (tokens.get(at).is("keep") || tokens.get(at).is("stop"))
                && tokens.get(at + 1).is(";");
        return ends && !to.isEmpty()
                ? Optional.of(new Forward(to, tokens.get(at).is("keep")))
                : Optional.empty();
    }

    /** Every address to which the script may redirect, in lower case, each once. */
    public List<String> redirects() {
        List<Token> tokens = ScriptTokens.of(text);
        List<String> addresses = new ArrayList<>();
        for (int i = 0; i < tokens.size(); i++) {
            if (tokens.get(i).is("redirect")) {
                int at = i + 1;
                while (at < tokens.size() && tokens.get(at).kind() == Kind.WORD) { // tags
                    at++;
                }
                if (at < tokens.size() && tokens.get(at).kind() == Kind.STRING) {
                    addresses.add(tokens.get(at).text().strip().toLowerCase(Locale.ROOT));
                }
            }
        }
        return addresses.stream().distinct().toList();
    }

    /** Whether the script may answer for somebody who is away (RFC 5230). */
    public boolean answers() {
        return ScriptTokens.of(text).stream().anyMatch(it -> it.is("vacation"));
    }

    /** Whether the script does nothing. */
    public boolean isBlank() {
        return ScriptTokens.of(text).isEmpty();
    }

    /** The same without a forward of a page. */
    public FilterText without() {
        return new FilterText(BLOCK.matcher(text).replaceFirst(""));
    }

    /** The same with this forward, in place of the one before. */
    public FilterText with(Forward forward) {
        StringBuilder block = new StringBuilder(BEGINNING).append("\r\n");
        for (MailAddress address : forward.to()) {
            block.append("redirect \"").append(address).append("\";\r\n");
        }
        block.append(forward.keeps() ? "keep;" : "stop;")
                .append("\r\n")
                .append(END)
                .append("\r\n");
        String rest = without().text();
        int at = afterRequires(rest);
        String before = rest.substring(0, at);
        return new FilterText(before
                + (before.isEmpty() || before.endsWith("\n") ? "" : "\r\n")
                + block
                + rest.substring(at).replaceFirst("^[ \\t]*\\r?\\n", ""));
    }

    /** RFC 5228 section 3.2: « require » comes before everything else. */
    private static int afterRequires(String script) {
        int end = 0;
        boolean within = false;
        for (Token token : ScriptTokens.of(script)) {
            if (!within && !token.is("require")) {
                return end;
            }
            within = !token.is(";");
            if (!within) {
                end = token.end();
            }
        }
        return end;
    }
}
