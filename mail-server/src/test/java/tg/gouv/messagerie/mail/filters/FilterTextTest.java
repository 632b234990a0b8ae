package tg.gouv.messagerie.mail.filters;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.jsieve.ConfigurationManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.mail.Forwards.Forward;

/** A forward as lines of a filter. RFC 5228 */
class FilterTextTest {
    private static final Forward TO_TWO =
            new Forward(List.of(MailAddress.of("ama@gouv.tg"), MailAddress.of("kofi@gouv.tg")), true);
    private static final Forward TO_ONE = new Forward(List.of(MailAddress.of("ama@gouv.tg")), false);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "keep;",
                "require \"fileinto\";\r\nfileinto \"x\";\r\n",
                "# mine\nrequire [\"fileinto\",\n \"vacation\"]; require \"reject\";\nif true { stop; }",
                "/* require \"a\"; */ require \"fileinto\"; fileinto \"redirect \\\"b@c.d\\\";\";",
                "require \"vacation\"; vacation text:\r\nredirect \"a@b.c\";\r\n..\r\n.\r\n;",
                "if header :is \"Subject\" \"# x\" { discard; }"
            })
    void isPutInFoundChangedAndTakenAway(String script) throws Exception {
        FilterText text = new FilterText(script);
        assertThat(text.forward()).isEmpty();
        assertThat(text.redirects()).isEmpty();
        FilterText with = text.with(TO_TWO);
        parse(with);
        assertThat(with.forward()).contains(TO_TWO);
        assertThat(with.redirects()).containsExactly("ama@gouv.tg", "kofi@gouv.tg");
        FilterText changed = with.with(TO_ONE);
        parse(changed);
        assertThat(changed.forward()).contains(TO_ONE);
        assertThat(changed.redirects()).containsExactly("ama@gouv.tg");
        assertThat(changed.without().forward()).isEmpty();
        assertThat(words(changed.without())).isEqualTo(words(text));
        assertThat(changed.without().isBlank()).isEqualTo(text.isBlank());
    }

    private static List<String> words(FilterText text) {
        return ScriptTokens.of(text.text()).stream()
                .map(ScriptTokens.Token::text)
                .toList();
    }

    /** As ManageSieve would. */
    private static void parse(FilterText text) throws Exception {
        new ConfigurationManager()
                .build()
                .parse(new ByteArrayInputStream(text.text().getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void whatSomebodyElseWroteBetweenTheLinesIsTheirs() {
        FilterText text = new FilterText(new FilterText("").with(TO_ONE).text().replace("stop;", "if true { stop; }"));
        assertThat(text.forward()).isEmpty();
        assertThat(text.redirects()).containsExactly("ama@gouv.tg");
    }

    @Test
    void tellsEveryRedirectAndEveryAnswer() {
        FilterText text = new FilterText("""
                REDIRECT "Ama@gouv.tg"; redirect :copy "kofi@gouv.tg"; # redirect "not@gouv.tg";
                if true { redirect text:
                b@c.d
                .
                ; } redirect "unended""");
        assertThat(text.redirects()).containsExactly("ama@gouv.tg", "kofi@gouv.tg", "b@c.d", "unended");
        assertThat(text.answers()).isFalse();
        assertThat(new FilterText("require \"vacation\"; # vacation").answers()).isFalse();
        assertThat(new FilterText("require \"vacation\"; vacation \"x\";").answers())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"", "\"\\", "/*", "#", "text:", ":", "text:\n.", "{{{{", "require", "\0\uD800"})
    void readsWhatIsNoScript(String script) {
        FilterText text = new FilterText(script.repeat(1_000));
        assertThat(text.redirects()).isEmpty();
        assertThat(text.with(TO_ONE).text()).contains("redirect");
    }
}
