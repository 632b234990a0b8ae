package tg.gouv.messagerie.directory.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import tg.gouv.messagerie.platform.language.BothLanguages;
import tg.gouv.messagerie.platform.language.Messages;

class SentencesTest {
    @Test
    void existInBothLanguages() {
        BothLanguages.sayTheSameBeside(AccessLedger.class);
    }

    @Test
    void tellOwnersEachActOnTheirAccount() {
        Messages sentences = Messages.beside(AccessLedger.class, Locale.FRENCH);
        assertThat(AccessLedger.TOLD)
                .contains("directory-activation-code-issued", "directory-departure")
                .allSatisfy(act -> assertThat(sentences.has(act)).as(act).isTrue());
    }
}
