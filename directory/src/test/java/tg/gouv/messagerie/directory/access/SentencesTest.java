package tg.gouv.messagerie.directory.access;

import org.junit.jupiter.api.Test;
import tg.gouv.messagerie.platform.language.BothLanguages;

class SentencesTest {
    @Test
    void existInBothLanguages() {
        BothLanguages.sayTheSameBeside(AccessLedger.class);
    }
}
