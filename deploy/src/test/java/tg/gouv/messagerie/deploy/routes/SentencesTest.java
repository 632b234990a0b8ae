package tg.gouv.messagerie.deploy.routes;

import org.junit.jupiter.api.Test;
import tg.gouv.messagerie.platform.language.BothLanguages;

class SentencesTest {
    @Test
    void everySentenceIsThereInBothLanguages() {
        BothLanguages.sayTheSameBeside(Welcome.class);
    }
}
