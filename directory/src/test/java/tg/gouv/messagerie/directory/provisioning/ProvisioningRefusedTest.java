package tg.gouv.messagerie.directory.provisioning;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused.Reason;

class ProvisioningRefusedTest {
    @ParameterizedTest
    @EnumSource
    void everyReasonHasItsSentenceInBothLanguages(Reason reason) {
        ProvisioningRefused refusal = new ProvisioningRefused(reason, "un", "deux", "trois");
        String french = refusal.sentence(Locale.FRENCH);
        assertThat(french).doesNotContain("{").isNotEqualTo(refusal.sentence(Locale.ENGLISH));
        assertThat(refusal).hasMessage(refusal.sentence(Locale.ENGLISH));
    }

    @Test
    void anApostropheIsAnApostrophe() {
        assertThat(new ProvisioningRefused(Reason.ADDRESS_TAKEN, "a@gouv.tg", "Abdoulaye Ouro-Bang'na", "b@gouv.tg")
                        .sentence(Locale.FRENCH))
                .startsWith("L'adresse a@gouv.tg est déjà celle de Abdoulaye Ouro-Bang'na <b@gouv.tg>");
    }
}
