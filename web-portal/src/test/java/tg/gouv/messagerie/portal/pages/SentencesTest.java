package tg.gouv.messagerie.portal.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tg.gouv.messagerie.directory.access.PartLedger;
import tg.gouv.messagerie.platform.language.BothLanguages;
import tg.gouv.messagerie.platform.language.Messages;
import tg.gouv.messagerie.portal.account.AccountPages;
import tg.gouv.messagerie.portal.help.HelpPages;
import tg.gouv.messagerie.portal.management.ManagementPages;
import tg.gouv.messagerie.portal.management.groups.GroupPages;
import tg.gouv.messagerie.portal.management.imports.ImportPages;
import tg.gouv.messagerie.portal.management.mailboxes.MailboxPages;
import tg.gouv.messagerie.portal.management.parts.LetterPages;
import tg.gouv.messagerie.portal.management.rights.GrantPages;
import tg.gouv.messagerie.portal.management.rooms.RoomPages;

/** What pages say is there, in French and in English. */
class SentencesTest {
    private static final Path TEMPLATES = Path.of("src/main/jte");
    private static final Pattern KEY = Pattern.compile("s\\.text\\(\"([a-z0-9.-]*[a-z0-9])\"[,)]");

    @ParameterizedTest
    @ValueSource(
            classes = {
                Door.class,
                AccountPages.class,
                HelpPages.class,
                ManagementPages.class,
                ImportPages.class,
                LetterPages.class,
                GroupPages.class,
                MailboxPages.class,
                RoomPages.class,
                GrantPages.class
            })
    void areInBothLanguages(Class<?> beside) {
        BothLanguages.sayTheSameBeside(beside);
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                Door.class,
                AccountPages.class,
                HelpPages.class,
                ManagementPages.class,
                ImportPages.class,
                LetterPages.class
            })
    void areThereWhereATemplateSaysThem(Class<?> beside) throws IOException {
        String name = beside.getPackageName().replaceAll(".*\\.", "");
        Path templates = TEMPLATES.resolve(name.equals("pages") ? "layout" : name);
        Messages own = Messages.beside(beside, Locale.FRENCH);
        Messages ground = Messages.beside(Door.class, Locale.FRENCH);
        try (Stream<Path> files = Files.list(templates)) {
            for (Path file : files.toList()) {
                List<String> keys = KEY.matcher(Files.readString(file))
                        .results()
                        .map((MatchResult it) -> it.group(1))
                        .toList();
                assertThat(keys)
                        .as(file.toString())
                        .allSatisfy(key -> assertThat(own.has(key) || ground.has(key))
                                .as(key)
                                .isTrue());
            }
        }
    }

    @Test
    void nameEveryActThatTheTrailOfAPartTells() {
        Messages acts = Messages.beside(LetterPages.class, Locale.FRENCH);
        assertThat(PartLedger.TOLD)
                .allSatisfy(word -> assertThat(acts.has("act." + word)).as(word).isTrue());
    }
}
