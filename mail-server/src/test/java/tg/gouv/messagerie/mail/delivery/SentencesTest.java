package tg.gouv.messagerie.mail.delivery;

import org.junit.jupiter.api.Test;
import tg.gouv.messagerie.platform.language.BothLanguages;

/** What a delivery tells people is told in French and in English. */
class SentencesTest {
    @Test
    void areInBothLanguages() {
        BothLanguages.sayTheSameBeside(RecipientWishes.class);
    }
}
